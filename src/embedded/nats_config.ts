/** What the embedded nats-server is told. Its configuration language takes JSON as it is. */

export interface NatsLimits {
  /** Largest message, in bytes. The server advises against more than 8 MiB. */
  maxPayloadBytes: number;
  /** Disk that all streams together may take, in bytes. */
  maxStoreBytes: number;
  /** Memory that memory streams and consumers may take, in bytes. */
  maxMemoryBytes: number;
}

export interface NatsSettings extends NatsLimits {
  directory: string;
  /** 0: any free port. */
  port: number;
  password: string;
  /** Whether an acknowledgement means fsynced. Otherwise up to two minutes are lost on power loss. */
  syncAlways: boolean;
}

/** The one login of an embedded server: a port on the loopback is open to every user of the machine. */
export const NATS_USER = "chappe";

const LOG_BYTES = 16 * 1024 * 1024;

/** Paths of what the server keeps in its directory. */
export function natsPaths(directory: string) {
  return {
    config: `${directory}/nats-server.conf`,
    pid: `${directory}/nats-server.pid`,
    log: `${directory}/nats-server.log`,
    store: `${directory}/store`,
  };
}

/** The configuration file's text. */
export function natsConfig(settings: NatsSettings): string {
  const paths = natsPaths(settings.directory);
  return JSON.stringify(
    {
      server_name: "chappe",
      listen: `127.0.0.1:${settings.port === 0 ? -1 : settings.port}`,
      ports_file_dir: settings.directory,
      pid_file: paths.pid,
      log_file: paths.log,
      logfile_size_limit: LOG_BYTES,
      logfile_max_num: 3,
      max_payload: settings.maxPayloadBytes,
      authorization: { user: NATS_USER, password: settings.password },
      jetstream: {
        store_dir: paths.store,
        max_file_store: settings.maxStoreBytes,
        max_memory_store: settings.maxMemoryBytes,
        ...(settings.syncAlways ? { sync_interval: "always" } : {}),
      },
    },
    null,
    2,
  );
}

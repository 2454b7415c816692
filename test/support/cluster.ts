/**
 * A ClickHouse cluster of one server, which is the embedded engine. It knows clusters, macros and
 * ZooKeeper as a server does; only statements ON CLUSTER it refuses ("Replicated DDL queries are
 * disabled"). So these are parsed here as they are, and then run as each server of a cluster runs them:
 * without these words, and a table with the UUID that it has on all of them.
 */
import type { ClickHouseClient } from "@clickhouse/client";
import { freePort } from "./platform.ts";

export const CLUSTER = "many";

/** Its part of `config.xml`. @param zookeeper port on this machine; null: none is there */
export function clusterConfig(zookeeper: number | null): string {
  const here = (port: number) => `<host>127.0.0.1</host><port>${port}</port>`;
  // Nobody listens there: a replica with the engine's own address is asked inside the process.
  const port = freePort();
  return `<tcp_port>${port}</tcp_port>
    <remote_servers><${CLUSTER}><shard>
      <internal_replication>true</internal_replication><replica>${here(port)}</replica>
    </shard></${CLUSTER}></remote_servers>
    <macros><shard>one</shard><replica>first</replica></macros>
    <default_replica_path>/clickhouse/tables/{uuid}/{shard}</default_replica_path>
    <default_replica_name>{replica}</default_replica_name>` +
    (zookeeper === null ? "" : `<zookeeper><node>${here(zookeeper)}</node>` +
      "<session_timeout_ms>4000</session_timeout_ms></zookeeper>");
}

export interface OneServer {
  readonly client: ClickHouseClient;
  /** Statements ON CLUSTER so far. */
  readonly told: string[];
}

/** @param replicated whether it has ZooKeeper; without, tables are plain ones */
export function serverOf(engine: ClickHouseClient, replicated: boolean): OneServer {
  const told: string[] = [];
  const command: ClickHouseClient["command"] = async (params) => {
    const { query } = params;
    const forAll = / ON CLUSTER /.test(query);
    const sync = /^SYSTEM SYNC REPLICA/.test(query) && !replicated;
    if (forAll) told.push(query);
    if (forAll || sync) await engine.command({ query: `EXPLAIN AST ${query}` });
    if (sync) return await engine.command({ query: "SELECT 1 FORMAT Null" });
    return await engine.command({ ...params, query: forAll ? alone(query, replicated) : query });
  };
  const client = new Proxy(engine, {
    get(target, name) {
      if (name === "command") return command;
      const value = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { client, told };
}

function alone(statement: string, replicated: boolean): string {
  const own = statement.replace(` ON CLUSTER ${CLUSTER}`, "");
  if (!replicated) return own.replace("ENGINE = Replicated", "ENGINE = ");
  const uuid = ` UUID '${crypto.randomUUID()}'`;
  return own.replace(/^\s*CREATE TABLE(?: IF NOT EXISTS)? [\w.]+/, (head) => head + uuid);
}

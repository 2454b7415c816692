/** A real ZooKeeper of one server, from Debian's `libzookeeper-java` and any Java. */
import { freePort } from "./platform.ts";

const JAR = "/usr/share/java/zookeeper.jar";

export interface ZooKeeper extends AsyncDisposable {
  readonly port: number;
}

/** Resolves when it takes connections. @throws {Error} that says what to install */
export async function startZooKeeper(): Promise<ZooKeeper> {
  const folder = await Deno.makeTempDir({ prefix: "chappe-zookeeper-" });
  const port = freePort();
  const config = `${folder}/zoo.cfg`;
  await Deno.writeTextFile(
    config,
    `tickTime=1000\ndataDir=${folder}\nclientPort=${port}\nclientPortAddress=127.0.0.1\n` +
      "admin.enableServer=false\n",
  );
  await Deno.stat(JAR).catch(() => {
    throw new Error(`${JAR} is missing: apt-get install libzookeeper-java default-jre-headless`);
  });
  const main = "org.apache.zookeeper.server.quorum.QuorumPeerMain";
  const child = new Deno.Command("java", {
    args: ["-Xmx256m", "-cp", JAR, main, config],
    stdout: "null",
    stderr: "null",
  }).spawn();
  const ended = child.status.then(({ code }) => {
    throw new Error(`ZooKeeper ended with ${code}`);
  });
  await Promise.race([ended, answering(port)]);
  ended.catch(() => {});
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function answering(port: number): Promise<void> {
  for (;;) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

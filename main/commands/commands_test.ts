import assert from "node:assert/strict";
import { UsageError } from "../exit.ts";
import { COMMANDS, readCommand } from "./mod.ts";
import { asJson, asText } from "./output.ts";
import { withLog } from "./test_log.ts";

Deno.test("wrong words are answered with the right ones", () => {
  const table: [string, RegExp][] = [
    ["", /^which command\?[^]*account create <id>/],
    ["accounts", /no command "accounts"/],
    ["account", /no command "account"[^]*chappe account list/],
    ["account crate acme", /no command "account crate"/],
    ["account create", /<id> is missing\n\n {2}chappe account create <id> \[--sender=/],
    ["account list acme", /"acme" is too much/],
    ["account list --verbose", /'--verbose'/],
    ["credential create shop", /--account is missing/],
    ["api-key create k --account=acme --role=king", /owner, operator, analyst; not "king"/],
    ["account change acme --opens=perhaps", /on, off; not "perhaps"/],
  ];
  for (const [words, answer] of table) {
    assert.throws(() => readCommand(words.split(" ").filter(Boolean)), (error) => {
      assert(error instanceof UsageError);
      assert.match(error.message, answer);
      return true;
    });
  }
});

Deno.test("help is there for all, for a noun and for a command", () => {
  const help = (...words: string[]) => {
    const answer = readCommand([...words, "--help"]);
    assert("help" in answer);
    return answer.help;
  };
  for (const { name } of COMMANDS) {
    assert(help().includes(name));
    assert(help(...name.split(" ")).includes(`chappe ${name}`));
  }
  assert(!help("sender").includes("account create"));
  assert.match(help("account", "limits"), /--messages-per-day=<number or none> +In each day/);
});

Deno.test("what is told is aligned for people and whole for programs", () => {
  const rows = [
    { login: "a", lastUsed: null, on: true },
    { login: "long name", lastUsed: new Date(0), on: false },
  ];
  assert.equal(
    asText({ rows, note: "All." }),
    "LOGIN      LAST USED          ON\na          -                  yes\n" +
      "long name  1970-01-01 00:00Z  no\n\nAll.",
  );
  assert.equal(asText({ rows: [] }), "none");
  assert.equal(JSON.parse(asJson({ rows }))[1].lastUsed, "1970-01-01T00:00:00.000Z");
  assert.equal(
    asText({ record: { account: "a", apiKey: ["x", "y"] } }),
    "account  a\napi key  x, y",
  );
});

Deno.test("exit codes tell what became of a command, and nobody reads a stack", async () => {
  await withLog({}, async (_, { config }) => {
    const run = async (words: string[], env: Record<string, string>) => {
      const script = new URL("../chappe.ts", import.meta.url).pathname;
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--quiet", script, ...words],
        env,
      }).output();
      const text = new TextDecoder().decode(stderr);
      assert(!text.includes("    at "), text);
      return { code, text, out: new TextDecoder().decode(stdout) };
    };
    const here = { CHAPPE_NATS_URL: config.natsUrl! };
    const list = await run(["account", "list"], here);
    assert.deepEqual([list.code, list.text], [0, ""]);
    assert.match(list.out, /^ACCOUNT +NAME +SENDERS\ndemo +Demo +example\.com\n$/);
    assert.equal((await run(["account"], here)).code, 2);
    assert.equal((await run(["account", "show", "nobody"], here)).code, 3);
    const gone = await run(["account", "list"], { CHAPPE_DATA: "/nonexistent" });
    assert.equal(gone.code, 1);
    assert.match(gone.text, /no running platform found/);
    const keyless = await run(["domain", "add", "a.example", "--account=demo"], {
      ...here,
      CHAPPE_DATA: "/nonexistent",
    });
    assert.equal(keyless.code, 1);
    assert.match(keyless.text, /needs the platform's master key/);
  });
});

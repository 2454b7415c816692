/** All commands of `chappe`, and how one is found by its words. */
import { UsageError } from "../exit.ts";
import { ACCOUNT_COMMANDS } from "./account.ts";
import { ADDRESS_COMMANDS } from "./address.ts";
import { API_KEY_COMMANDS } from "./api_key.ts";
import { CALENDAR_COMMANDS } from "./calendar.ts";
import { CLICKHOUSE_USER_COMMANDS } from "./clickhouse_user.ts";
import { type Command, optionsHelp } from "./command.ts";
import { CONSENT_COMMANDS } from "./consent.ts";
import { CREDENTIAL_COMMANDS } from "./credential.ts";
import { DOMAIN_COMMANDS } from "./domain.ts";
import { LINKS_COMMANDS } from "./links.ts";
import { LOG_COMMANDS } from "./log.ts";
import { POOL_COMMANDS } from "./pool.ts";
import { SENDER_COMMANDS } from "./sender.ts";
import { SHAPING_COMMANDS } from "./shaping.ts";
import { SUPPRESSION_COMMANDS } from "./suppression.ts";
import { TOKEN_KEY_COMMANDS } from "./token_key.ts";
import { USER_COMMANDS } from "./user.ts";
import { WARMUP_COMMANDS } from "./warmup.ts";
import { WHY_COMMANDS } from "./why.ts";

export const COMMANDS: readonly Command[] = [
  ...ACCOUNT_COMMANDS,
  ...CREDENTIAL_COMMANDS,
  ...API_KEY_COMMANDS,
  ...USER_COMMANDS,
  ...CLICKHOUSE_USER_COMMANDS,
  ...SENDER_COMMANDS,
  ...DOMAIN_COMMANDS,
  ...SUPPRESSION_COMMANDS,
  ...CONSENT_COMMANDS,
  ...LINKS_COMMANDS,
  ...TOKEN_KEY_COMMANDS,
  ...ADDRESS_COMMANDS,
  ...POOL_COMMANDS,
  ...CALENDAR_COMMANDS,
  ...WARMUP_COMMANDS,
  ...SHAPING_COMMANDS,
  ...WHY_COMMANDS,
  ...LOG_COMMANDS,
];

/** What the words ask for. @throws {UsageError} */
export function readCommand(
  words: readonly string[],
): { help: string } | ReturnType<Command["read"]> {
  const asked = words.some((word) => word === "--help" || word === "-h");
  const [noun, verb] = words;
  const found = COMMANDS.find(({ name }) => name === `${noun} ${verb}` || name === noun);
  if (found !== undefined) {
    const said = words.slice(found.name.split(" ").length);
    return asked ? { help: helpOf(found) } : found.read(said);
  }
  const related = COMMANDS.filter(({ name }) => name.startsWith(`${noun} `));
  if (asked) return { help: overview(related) };
  const what = noun === undefined
    ? "which command?"
    : `there is no command "${[noun, verb].filter((word) => word !== undefined).join(" ")}"`;
  throw new UsageError(`${what}\n\n${overview(related)}`);
}

const FOOT = [
  "",
  "Each takes --json and --help. They find the running platform through CHAPPE_DATA (default",
  "./.chappe) or CHAPPE_NATS_URL. Exit codes: 0 done, 1 failed, 2 wrong use, 3 refused.",
];

/** A line for each command, or all that can be said of those of one noun. */
function overview(related: readonly Command[]): string {
  if (related.length > 0) {
    return [...related.flatMap(({ usage, help }) => [`chappe ${usage}`, `    ${help}`]), ...FOOT]
      .join("\n");
  }
  const lines = COMMANDS.map(({ name, args, help }) => ({
    left: [name, ...args.map((arg) => `<${arg}>`)].join(" "),
    help,
  }));
  const width = Math.max(...lines.map(({ left }) => left.length));
  return [
    "chappe: operator's commands",
    "",
    ...lines.map(({ left, help }) => `  ${left.padEnd(width)}  ${help}`),
    ...FOOT,
  ].join("\n");
}

function helpOf(command: Command): string {
  const options = optionsHelp(command);
  return [
    `chappe ${command.usage} [--json]`,
    "",
    command.help,
    ...options.length === 0 ? [] : ["", ...options.map((line) => `  ${line}`)],
  ].join("\n");
}

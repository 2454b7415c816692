/** `chappe token-key …` */
import { readSettings, retireTokenKey, rotateTokenKey, type TokenKey } from "@chappe/src/settings";
import { command } from "./command.ts";
import { change, openVault } from "./context.ts";
import type { Row } from "./output.ts";
import { readWhole } from "./values.ts";

const list = command({
  name: "token-key list",
  args: [],
  options: {},
  help:
    "Keys of tracking links and return paths: the newest signs, all that are not retired verify.",
  async run({ events }) {
    const { state } = await readSettings(events);
    const keys = [...state.tokenKeys.values()];
    return { rows: keys.map((key) => describe(key, key === keys.at(-1))) };
  },
});

const rotate = command({
  name: "token-key rotate",
  args: [],
  options: {},
  help: "A new key signs from now on; the ones before go on verifying.",
  async run(context) {
    const maker = {
      vault: await openVault(context),
      random: (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes)),
    };
    const { facts } = await change(context, (state) => rotateTokenKey(state, maker));
    return { record: { key: (facts[0]!.data as { kid: number }).kid } };
  },
});

const retire = command({
  name: "token-key retire",
  args: ["key"],
  options: {},
  help: "Links and return paths that the key signed are not ours any more: they are not found.",
  async run(context, { key }) {
    const kid = readWhole("key", key, 0, 65535);
    await change(context, (state) => retireTokenKey(state, kid));
    return { record: { retired: kid } };
  },
});

function describe({ kid, createdAt, retiredAt }: TokenKey, signs: boolean): Row {
  return {
    key: kid,
    created: new Date(createdAt),
    signs,
    retired: retiredAt === null ? null : new Date(retiredAt),
  };
}

export const TOKEN_KEY_COMMANDS = [list, rotate, retire];

/** The state that workers are told, from what this process follows. */
import type { LiveConsents } from "@chappe/src/recipients";
import { type LiveSettings, tokenKeyOf } from "@chappe/src/settings";
import type { CoreState } from "../core/state.ts";

export function coreState(
  settings: Pick<LiveSettings, "now" | "seq" | "unseal">,
  consents: LiveConsents,
): CoreState {
  const keyOf = tokenKeyOf(settings);
  const { tokenKeys, disabledLinks } = settings.now;
  return {
    version: `${settings.seq}.${consents.seq}`,
    keys: [...tokenKeys.keys()].flatMap((kid) => {
      const secret = keyOf(kid);
      return secret === undefined ? [] : [{ kid, secret }];
    }),
    disabled: [...disabledLinks.values()],
    withdrawn: consents.tags(),
  };
}

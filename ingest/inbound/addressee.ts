/** Whom a message from the world may be for: nobody but return paths that we gave. */
import { accountHint, type CopyAddress, type KeyOf, readCopyAddress } from "@chappe/src/rules";
import type { LiveSettings, SettingsState } from "@chappe/src/settings";

/** The copy that an address stands for; null when it is none of ours. */
export type Addressee = (address: string) => CopyAddress | null;

/** @param domains our return-path domains, in any case */
export function createAddressee(
  domains: readonly string[],
  settings: Pick<LiveSettings, "now">,
  keyOf: KeyOf,
): Addressee {
  const ours = new Set(domains.map((domain) => domain.toLowerCase()));
  let indexed: SettingsState["accounts"] | undefined;
  let byHint = new Map<number, string[]>();

  function accountsOf(hint: number): readonly string[] {
    const { accounts } = settings.now;
    if (accounts !== indexed) {
      indexed = accounts;
      byHint = Map.groupBy(accounts.keys(), accountHint);
    }
    return byHint.get(hint) ?? [];
  }
  return (address) => {
    const at = address.lastIndexOf("@");
    if (at < 1 || !ours.has(address.slice(at + 1).toLowerCase())) return null;
    return readCopyAddress(address.slice(0, at), keyOf, accountsOf);
  };
}

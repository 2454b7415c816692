/** Who signs a copy: the sender's domain where its DNS leads to our keys, else the platform. */
import { domainToASCII } from "node:url";
import type { Signer, SigningEngine, SigningKey } from "@chappe/src/mail";
import { type DkimKey, type Domain, type LiveSettings, PLATFORM } from "@chappe/src/settings";

/** The signers for a message of the account from that address; none when nobody has a key. */
export type SignersOf = (account: string, from: string) => readonly Signer[];

/**
 * Keys are unsealed and loaded once.
 *
 * @param platformDomain signs for domains without a verified key of their own
 */
export function createSigners(
  settings: Pick<LiveSettings, "now" | "unseal">,
  engine: SigningEngine,
  platformDomain: string,
): SignersOf {
  const loaded = new WeakMap<DkimKey, SigningKey>();
  const utf8 = new TextDecoder();

  function load(key: DkimKey): SigningKey {
    let signing = loaded.get(key);
    if (signing === undefined) {
      signing = engine.load(utf8.decode(settings.unseal(key.privateKey)), key.algorithm);
      loaded.set(key, signing);
    }
    return signing;
  }

  return (account, from) => {
    const { domains } = settings.now;
    const own = verifiedKeys(domains.get(account)?.get(domainOf(from)));
    const keys = own.length > 0 ? own : domains.get(PLATFORM)?.get(platformDomain)?.keys ?? [];
    return newestOfEach(keys).map((key) => ({
      domain: key.domain,
      selector: key.selector,
      key: load(key),
    }));
  };
}

function domainOf(address: string): string {
  return domainToASCII(address.slice(address.lastIndexOf("@") + 1));
}

function verifiedKeys(domain: Domain | undefined): readonly DkimKey[] {
  return domain?.keys.filter((key) => domain.verifiedSelectors.has(key.selector)) ?? [];
}

/** The newest key of each algorithm: verifiers that do not know Ed25519 yet still have RSA. */
function newestOfEach(keys: readonly DkimKey[]): DkimKey[] {
  const newest = new Map(keys.map((key) => [key.algorithm, key]));
  return [...newest.values()];
}

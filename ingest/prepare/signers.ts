/** Who signs a copy: the sender's domain where its DNS leads to our keys, else the platform. */
import type { Signer, SigningEngine, SigningKey } from "@chappe/src/mail";
import { type DkimKey, type Domain, type LiveSettings, PLATFORM } from "@chappe/src/settings";
import { ownDomain } from "./own_domain.ts";

/** The signers for a message of the account from that domain (lower-case A-labels); none when nobody has a key. */
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
    const own = ownDomain(settings.now, account, from, (domain) => verifiedKeys(domain).length > 0);
    // The platform's own DNS is its operator's: nobody asks whether it is right.
    const keys = own !== undefined
      ? verifiedKeys(own)
      : domains.get(PLATFORM)?.get(platformDomain)?.keys ?? [];
    return newestOfEach(keys).map((key) => ({
      domain: key.domain,
      selector: key.selector,
      key: load(key),
    }));
  };
}

function verifiedKeys({ keys, verifiedSelectors }: Domain): readonly DkimKey[] {
  return keys.filter((key) => verifiedSelectors.has(key.selector));
}

/** The newest key of each algorithm: verifiers that do not know Ed25519 yet still have RSA. */
function newestOfEach(keys: readonly DkimKey[]): DkimKey[] {
  const newest = new Map(keys.map((key) => [key.algorithm, key]));
  return [...newest.values()];
}

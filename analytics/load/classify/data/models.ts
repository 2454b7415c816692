/**
 * Makers of Android devices by what their models are called, where ua-parser-js finds a model and no
 * maker; first match first. Series as in the fixtures of matomo/device-detector and uap-core.
 */
export const MAKERS: readonly { brand: string; model: RegExp }[] = [
  { brand: "Samsung", model: /^(?:S[CHGP][HVW]-|SC[GV]?-?\d\d|SM-|GT-|YP-G|Galaxy )/i },
  { brand: "Sony", model: /^(?:XQ-[A-Z]{2}\d\d|SO[GTV]?-?\d\d|[C-H]\d{4}$|[LMSW]T\d\d|Xperia)/ },
  { brand: "Google", model: /^(?:Pixel|G[A-Z\d]{4}$|GA0\d{4}|Nexus)/ },
  {
    brand: "Xiaomi",
    model: /^(?:M\d{4}[A-Z]\d|2[0-6][01]\d\w{4,}|20\d{5}$|Mi |Xiaomi|Redmi|POCO|HM \d|SHARK )/i,
  },
  { brand: "Realme", model: /^(?:RM[XP]\d{4}|Realme)/i },
  { brand: "Vivo", model: /^(?:V[12]\d{3}|vivo|iPA2\d{3})/ },
  { brand: "OPPO", model: /^(?:CPH\d{4}|P[A-Z]{2}[MT]\d0|P[FGHJK][A-Z]\d{2}0|OPPO|R8\d\d)/ },
  {
    brand: "OnePlus",
    model: /^(?:ONE ?PLUS|ONE [AE]\d|(?:GM19|HD19|IN20|KB20|LE21|NE22|DN21|BE20|EB21)\d)/i,
  },
  { brand: "Motorola", model: /^(?:moto|XT\d{3,4}|M[BT]\d{3}$|XOOM|DROID|PAN\w\d{4})/i },
  { brand: "LG", model: /^(?:LG|LM-?[A-Z]|VS\d{3}|LS\d{3}|L-\d\d[A-Z])/ },
  { brand: "Nokia", model: /^(?:Nokia|TA-\d{4})/ },
  {
    brand: "HTC",
    model: /^(?:HTC|HT[LVX]\d\d|ADR\d{4}|[02]P\w{3}|Desire|Wildfire|Sensation|Incredible)/,
  },
  { brand: "Lenovo", model: /^(?:Lenovo|TB-?\w|YT-|YOGA|IdeaPad|VIBE|ZUK)/i },
  { brand: "Honor", model: /^HONOR/i },
  { brand: "HUAWEI", model: /^(?:[A-Z]{3,4}-[ACTU]?[LN]X?\w{1,5}$|nova |MediaPad|HUAWEI)/i },
];

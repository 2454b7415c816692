/** Names as SQL writes them. */
export const identifier = (name: string): string =>
  `\`${name.replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("\0", "\\0")}\``;

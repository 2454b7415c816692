/** `deno task bench [name] [arguments]`: without a name, says which there are. */
const names: string[] = [];
for await (const { name, isFile } of Deno.readDir(import.meta.dirname!)) {
  if (isFile && name !== "main.ts") names.push(name.replace(/\.ts$/, ""));
}
const [name, ...rest] = Deno.args;
if (name === undefined || !names.includes(name)) {
  console.error(`deno task bench <${names.sort().join("|")}>`);
  Deno.exit(2);
}
const { code } = await new Deno.Command(Deno.execPath(), {
  args: ["run", "-A", `${import.meta.dirname}/${name}.ts`, ...rest],
}).spawn().status;
Deno.exit(code);

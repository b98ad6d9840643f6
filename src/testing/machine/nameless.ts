/** XState counts actors that were given no id, `x:7`, through the whole life of the process. */
const COUNTED = /(?<!\w)x:\d+/g;

/**
 * Numbers them anew in a JSON text, in the order in which they come up: the same run then has the same names each
 * time. One namer serves texts that belong together.
 */
export function namer(): (text: string) => string {
  const names = new Map<string, string>();
  return (text) =>
    text.replace(COUNTED, (counted) => {
      const name = names.get(counted) ?? `x:${names.size}`;
      names.set(counted, name);
      return name;
    });
}

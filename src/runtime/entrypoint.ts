/**
 * What the entrypoint scripts of official images make of a container's arguments: flags and the image's own program go to the server
 * (with all that the script prepares), anything else is simply executed (`exec "$@"`).
 */
import type { ImageData } from './image.js';
import { baseOf, hasProgram, mainsOf } from './userland.js';

const isScript = (word: string): boolean => /(^|[/-])entrypoint(\.sh)?$/.test(word);

/** The command line that is left when the script has done its part; `argv` itself when the script starts what the image is for. */
export function throughEntrypoint(argv: readonly string[], image: ImageData | undefined): readonly string[] {
  const own = image?.entrypoint ?? [];
  if (image === undefined || !isScript(own.at(-1) ?? '') || own.some((word, i) => argv[i] !== word)) return argv;
  const rest = argv.slice(own.length);
  const [first = ''] = rest;
  const [main = ''] = image.cmd ?? [];
  const isServer = image.run !== undefined && image.run.exit === undefined;
  if (first === '' || (isServer && (/^-|\.conf$/.test(first) || mainsOf(image).includes(baseOf(first))))) return argv;
  if (!first.includes('/') && hasProgram(image, first)) return rest;
  // What the image has not may still lie in a volume; if not, it is the script's shell that says so.
  if (isServer || first.includes('/')) return bySh(own, rest);
  // node, curl and bash take what is no program for their own first argument.
  return main === '' ? rest : [main, ...rest];
}

const bySh = (own: readonly string[], rest: readonly string[]): readonly string[] => {
  // nginx's script has its exec in line 47.
  const lines = own[0] === '/docker-entrypoint.sh' ? 46 : 0;
  return ['/bin/sh', '-c', `${'\n'.repeat(lines)}exec "$@"`, own.at(-1) as string, ...rest];
};

/** Which server and which location a request comes to (ngx_http_core_module). */
import { type Directive, portsOfServer, serversOf } from './config.js';

export function serverFor(config: readonly Directive[], port: number, host: string): readonly Directive[] | undefined {
  const listening = serversOf(config).filter((server) => portsOfServer(server).includes(port));
  const isNamed = (server: readonly Directive[]): boolean =>
    server.some(({ name, args }) => name === 'server_name' && args.some((one) => one === host || (one.startsWith('*.') && host.endsWith(one.slice(1)))));
  const isDefault = (server: readonly Directive[]): boolean => server.some(({ name, args }) => name === 'listen' && args.includes('default_server'));
  return listening.find(isNamed) ?? listening.find(isDefault) ?? listening[0];
}

/** A location's expression; undefined: it has none, or one that is no expression. */
export function expressionOf({ args }: Directive): RegExp | undefined {
  if (args[0] !== '~' && args[0] !== '~*') return undefined;
  return regularExpression(args[1] ?? '', args[0] === '~*');
}

/** PCRE as JavaScript has it; undefined: not known to it. */
export function regularExpression(source: string, ignoresCase: boolean): RegExp | undefined {
  const inline = source.startsWith('(?i)');
  try {
    return new RegExp(inline ? source.slice(4) : source, ignoresCase || inline ? 'i' : '');
  } catch {
    return undefined;
  }
}

/** `=` first, then the longest prefix if it is `^~`, then the first expression, then the longest prefix; within a prefix its own locations. */
export function locationFor(directives: readonly Directive[], path: string): Directive | undefined {
  const all = directives.filter(({ name }) => name === 'location');
  const exact = all.find(({ args }) => args[0] === '=' && args[1] === path);
  if (exact !== undefined) return exact;
  const prefixOf = ({ args }: Directive): string | undefined =>
    args.length === 1 && args[0]?.startsWith('@') !== true ? args[0] : args[0] === '^~' ? args[1] : undefined;
  let longest: Directive | undefined;
  for (const one of all) {
    const prefix = prefixOf(one);
    if (prefix !== undefined && path.startsWith(prefix) && prefix.length > (longest === undefined ? -1 : (prefixOf(longest) ?? '').length)) longest = one;
  }
  const inner = longest?.block === undefined ? undefined : locationFor(longest.block, path);
  if (inner !== undefined) return inner;
  if (longest?.args[0] === '^~') return longest;
  return all.find((one) => expressionOf(one)?.test(path) === true) ?? longest;
}

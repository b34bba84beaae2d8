/** The rewrite phases: `set`, `if`, `rewrite`, `return` and `break` in the order in which they stand (ngx_http_rewrite_module). */
import type { Directive } from './config.js';
import { regularExpression } from './locations.js';
import { fill, type Request, take } from './variables.js';

export type Rewritten =
  /** Go on with what there is; `within`: of the `if` blocks that held, the last one's directives come before the location's own. */
  | { readonly does: 'go on'; readonly within?: readonly Directive[] }
  /** The path has changed: another location may be meant. */
  | { readonly does: 'look again' }
  | { readonly does: 'return'; readonly args: readonly string[] };

export function rewrite(request: Request, directives: readonly Directive[]): Rewritten {
  let within: readonly Directive[] | undefined;
  let isChanged = false;
  for (const { name, args, block = [] } of directives) {
    if (name === 'set') request.set.set((args[0] ?? '').slice(1), fill(request, args[1] ?? ''));
    else if (name === 'break') break;
    else if (name === 'return') return { does: 'return', args: args.map((one) => fill(request, one)) };
    else if (name === 'if' && holds(request, args, request)) {
      within = block;
      const inner = rewrite(request, block);
      if (inner.does !== 'go on') return inner;
      if (block.some((one) => one.name === 'break' || (one.name === 'rewrite' && one.args[2] === 'break'))) break;
    } else if (name === 'rewrite') {
      const [pattern = '', replacement = '', flag] = args;
      const found = regularExpression(pattern, false)?.exec(request.uri);
      if (found === null || found === undefined) continue;
      take(request, found);
      const target = fill(request, replacement);
      const isElsewhere = /^(https?:\/\/|\$scheme)/.test(replacement);
      // The arguments follow, unless a question mark ends the replacement.
      const [path = '', own] = target.split(/\?(.*)/s, 2);
      const query = own === undefined ? request.query : [own, target.endsWith('?') ? '' : request.query].filter((one) => one !== '').join('&');
      if (flag === 'redirect' || flag === 'permanent' || isElsewhere)
        return { does: 'return', args: [flag === 'permanent' ? '301' : '302', `${path}${query === '' ? '' : `?${query}`}`] };
      request.uri = path;
      request.query = query;
      isChanged = true;
      if (flag === 'break') return { does: 'go on', ...(within === undefined ? {} : { within }) };
      if (flag === 'last') return { does: 'look again' };
    }
  }
  return isChanged ? { does: 'look again' } : { does: 'go on', ...(within === undefined ? {} : { within }) };
}

/** `($var)`, `($var = text)`, `($var ~* expression)`, `(-f file)`; their parentheses are the first and the last character. */
function holds(request: Request, args: readonly string[], { host }: Request): boolean {
  const words = args.map((one, i) => {
    const begun = i === 0 ? one.replace(/^\(/, '') : one;
    return i === args.length - 1 ? begun.replace(/\)$/, '') : begun;
  });
  // Parentheses may stand by themselves.
  if (words[0] === '') words.shift();
  if (words.length > 1 && args.at(-1) === ')') words.pop();
  const [left = '', operator = '', ...rest] = words;
  const file = /^(!?)-([fdex])$/.exec(left);
  if (file !== null) {
    const stat = host.files.stat(fill(request, operator));
    const is = { f: stat?.type === 'file', d: stat?.type === 'directory', e: stat !== undefined, x: ((stat?.mode ?? 0) & 0o111) !== 0 }[file[2] as 'f'];
    return is !== (file[1] === '!');
  }
  const value = fill(request, left);
  if (operator === '') return value !== '' && value !== '0';
  const right = rest.join(' ');
  if (operator === '=' || operator === '!=') return (value === fill(request, right)) === (operator === '=');
  const found = regularExpression(right, operator.endsWith('*'))?.exec(value);
  if (found !== null && found !== undefined) take(request, found);
  return (found !== null && found !== undefined) !== operator.startsWith('!');
}

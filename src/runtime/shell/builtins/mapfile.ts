/** `mapfile`, also called `readarray`: lines of an input into an array. */
import { readFd } from '../descriptors.js';
import { referent } from '../expand.js';
import type { Shell } from '../shell.js';
import { runAgain } from './read.js';

export function mapfile(self: Shell, called: string, args: readonly string[]): number | undefined {
  const { shell, machine, process, environment } = self;
  const values: Record<string, string> = {};
  let trims = false;
  let name = 'MAPFILE';
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] as string;
    const letter = /^-([dnOsuCc])/.exec(arg)?.[1];
    if (arg === '-t') trims = true;
    else if (letter !== undefined) values[letter] = arg.length > 2 ? arg.slice(2) : (args[++i] ?? '');
    else if (arg.startsWith('-')) {
      self.complain(`${called}: ${arg}: invalid option`);
      return 2;
    } else name = arg;
  }
  const fd = Number(values['u'] ?? 0);
  const delimiter = values['d'] === undefined ? '\n' : values['d'] === '' ? '\0' : (values['d'][0] as string);
  const most = Number(values['n'] ?? 0) || Number.POSITIVE_INFINITY;
  const skipped = Number(values['s'] ?? 0);
  let text = process.partial ?? '';
  // Counted only if there is a last one to be counted to.
  while (most === Number.POSITIVE_INFINITY || text.split(delimiter).length <= skipped + most) {
    const more = readFd(machine, environment, process, fd, true);
    if (more === undefined) break;
    if (more === '') {
      process.partial = text;
      process.block = { on: 'read', file: process.fds[fd] as number };
      runAgain(self, called, args);
      return undefined;
    }
    text += more;
  }
  delete process.partial;
  const pieces = text.split(delimiter);
  const rest = pieces.pop();
  const lines = [...pieces.map((line) => line + delimiter), ...(rest === '' || rest === undefined ? [] : [rest])];
  const kept = lines.slice(skipped, skipped + most).map((line) => (trims && line.endsWith(delimiter) ? line.slice(0, -1) : line));
  const first = Number(values['O'] ?? 0);
  const target = referent(shell.vars, name);
  const old = values['O'] === undefined ? {} : (shell.vars[target]?.list ?? {});
  const list = { ...old, ...Object.fromEntries(kept.map((line, i) => [String(first + i), line])) };
  shell.vars[target] = { ...shell.vars[target], value: list['0'] ?? '', list };
  const every = Number(values['c'] ?? 5000);
  const calls =
    values['C'] === undefined ? [] : kept.flatMap((line, i) => ((i + 1) % every === 0 ? [`${values['C']} ${first + i} '${line.replace(/'/g, `'\\''`)}'`] : []));
  if (calls.length === 0) return 0;
  self.run(calls.join('\n'));
  return shell.status;
}

/** `ulimit`: the limits containerd leaves a container's processes (those of /proc/PID/limits), and what a shell has made of them. */
import { writeFd } from '../descriptors.js';
import type { Shell } from '../shell.js';

/** Letter, value, and what ash, dash and bash call it; undefined: it does not know it. In their order. */
type Row = readonly [letter: string, value: string, ash: string | undefined, dash: string | undefined, bash: readonly [name: string, unit: string] | undefined];
const ROWS: readonly Row[] = [
  ['R', 'unlimited', undefined, undefined, ['real-time non-blocking time', 'microseconds']],
  ['c', 'unlimited', 'core file size (blocks)', 'coredump(blocks)', ['core file size', 'blocks']],
  ['d', 'unlimited', 'data seg size (kb)', 'data(kbytes)', ['data seg size', 'kbytes']],
  ['e', '0', 'scheduling priority', undefined, ['scheduling priority', '']],
  ['f', 'unlimited', 'file size (blocks)', 'file(blocks)', ['file size', 'blocks']],
  ['i', '63469', 'pending signals', undefined, ['pending signals', '']],
  ['l', '8192', 'max locked memory (kb)', 'locked memory(kbytes)', ['max locked memory', 'kbytes']],
  ['m', 'unlimited', 'max memory size (kb)', 'memory(kbytes)', ['max memory size', 'kbytes']],
  ['n', '1048576', 'open files', 'nofiles', ['open files', '']],
  ['p', '8', undefined, undefined, ['pipe size', '512 bytes']],
  ['q', '819200', 'POSIX message queues (bytes)', undefined, ['POSIX message queues', 'bytes']],
  ['r', '0', 'real-time priority', 'rtprio', ['real-time priority', '']],
  ['s', '8192', 'stack size (kb)', 'stack(kbytes)', ['stack size', 'kbytes']],
  ['t', 'unlimited', 'cpu time (seconds)', 'time(seconds)', ['cpu time', 'seconds']],
  ['u', 'unlimited', 'max user processes', 'process', ['max user processes', '']],
  ['v', 'unlimited', 'virtual memory (kb)', 'vmemory(kbytes)', ['virtual memory', 'kbytes']],
  ['x', 'unlimited', 'file locks', 'locks', ['file locks', '']],
];
/** dash has letters of its own for some, and an order. */
const DASH = 'tfdscmlpnvwr';
const DASH_LETTERS: Readonly<Record<string, string>> = { p: 'u', w: 'x' };

export function ulimit(self: Shell, args: readonly string[]): number {
  const { shell } = self;
  const { flavour } = shell;
  const place = flavour === 'ash' ? 2 : 3;
  const rowOf = (letter: string): Row | undefined => {
    const real = flavour === 'dash' ? (DASH.includes(letter) ? (DASH_LETTERS[letter] ?? letter) : '') : letter;
    const row = ROWS.find((one) => one[0] === real);
    return row === undefined || (flavour === 'bash' ? row[4] : row[place]) === undefined ? undefined : row;
  };
  const limitOf = (row: Row, side: 'soft' | 'hard'): string => shell.limits?.[row[0]]?.[side] ?? (side === 'hard' && row[0] === 's' ? 'unlimited' : row[1]);
  const title = (row: Row): string => {
    if (flavour === 'dash') return (row[3] as string).padEnd(20);
    if (flavour === 'ash') return `${(row[2] as string).padEnd(31)} (-${row[0]})`;
    const [name, unit] = row[4] as readonly [string, string];
    const inner = `${unit === '' ? '' : `${unit}, `}-${row[0]})`;
    return `${name.padEnd(39 - inner.length)}(${inner}`;
  };
  let sides: readonly ('soft' | 'hard')[] | undefined;
  let isAll = false;
  const letters: string[] = [];
  let value: string | undefined;
  for (const arg of args) {
    if (!arg.startsWith('-') || arg === '-') {
      value = arg;
      continue;
    }
    for (const letter of arg.slice(1))
      if (letter === 'S' || letter === 'H') sides = [...(sides ?? []), letter === 'S' ? 'soft' : 'hard'];
      else if (letter === 'a') isAll = true;
      else if (rowOf(letter) === undefined) {
        if (flavour === 'bash') self.complain(`ulimit: -${letter}: invalid option\nulimit: usage: ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]`);
        else if (flavour === 'dash') self.complain(`ulimit: Illegal option -${letter}`);
        else writeFd(self.machine, self.environment, self.process, 2, `ulimit: invalid option -- '${letter}'\n`);
        return flavour === 'ash' ? 1 : 2;
      } else letters.push(letter);
  }
  const shown = sides?.[0] ?? 'soft';
  if (isAll) {
    const all = flavour === 'dash' ? [...DASH].map(rowOf).filter((row) => row !== undefined) : ROWS.filter((row) => rowOf(row[0]) !== undefined);
    for (const row of all) self.out(`${title(row)} ${limitOf(row, shown)}\n`);
    return 0;
  }
  const chosen = (letters.length === 0 ? ['f'] : letters).map((letter) => rowOf(letter) as Row);
  if (value === undefined) {
    for (const row of chosen) self.out(`${chosen.length > 1 ? `${title(row)} ` : ''}${limitOf(row, shown)}\n`);
    return 0;
  }
  for (const row of chosen) {
    const hard = limitOf(row, 'hard');
    const wanted = value === 'hard' ? hard : value === 'soft' ? limitOf(row, 'soft') : value;
    if (!/^(\d+|unlimited)$/.test(wanted)) {
      self.complain(flavour === 'bash' ? `ulimit: ${value}: invalid number` : flavour === 'dash' ? 'ulimit: bad number' : `invalid number '${value}'`);
      return flavour === 'dash' ? 2 : 1;
    }
    const isMore = hard !== 'unlimited' && (wanted === 'unlimited' || Number(wanted) > Number(hard));
    if (isMore) {
      if (flavour === 'bash') self.complain(`ulimit: ${row[4]?.[0]}: cannot modify limit: Operation not permitted`);
      else self.complain(flavour === 'dash' ? 'ulimit: error setting limit (Operation not permitted)' : 'error setting limit: Operation not permitted');
      return flavour === 'dash' ? 2 : 1;
    }
    const changed = Object.fromEntries((sides ?? (['soft', 'hard'] as const)).map((side) => [side, wanted]));
    shell.limits = { ...shell.limits, [row[0]]: { soft: limitOf(row, 'soft'), hard, ...changed } };
  }
  return 0;
}

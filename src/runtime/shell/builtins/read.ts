/** `read`: a line from standard input into variables. */
import { readFd, writeFd } from '../descriptors.js';
import { addSource } from '../environment.js';
import { referent, splitForRead } from '../expand.js';
import type { Shell } from '../shell.js';

export function read(self: Shell, args: readonly string[]): number | undefined {
  const { shell, machine, process, environment } = self;
  let raw = false;
  let limit: number | undefined;
  let delimiter: string | undefined;
  let timeout: number | undefined;
  let array: string | undefined;
  let fd = 0;
  const names: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] as string;
    if (/^-[a-zA-Z]/.test(arg)) {
      const letters = arg.slice(1);
      for (let k = 0; k < letters.length; k += 1) {
        const letter = letters[k] as string;
        if (letter === 'r') raw = true;
        else if (letter === 's' || letter === 'e') continue;
        else if ('pndtuNia'.includes(letter)) {
          const value = k + 1 < letters.length ? letters.slice(k + 1) : (args[++i] ?? '');
          if (letter === 'p') writeFd(machine, environment, process, 2, shell.interactive === true ? value : '');
          else if (letter === 'n' || letter === 'N') limit = Number(value);
          else if (letter === 'd') delimiter = value === '' ? '\0' : (value[0] as string);
          else if (letter === 't') timeout = Number(value);
          else if (letter === 'u') fd = Number(value);
          else if (letter === 'a') array = value;
          break;
        }
      }
    } else names.push(arg);
  }
  const until = process.readUntil;
  const file = process.fds[fd];
  const partial = process.partial ?? '';
  let line = partial;
  for (;;) {
    const ended = raw || limit !== undefined ? /\n/.test(line) : /(^|[^\\])(\\\\)*\n/.test(line);
    if (delimiter === undefined && ended) break;
    if (delimiter !== undefined && line.includes(delimiter)) break;
    if (limit !== undefined && line.length >= limit) break;
    const more = readFd(machine, environment, process, fd, delimiter === undefined, delimiter !== undefined || limit !== undefined ? 1 : undefined);
    if (more === undefined) {
      delete process.partial;
      delete process.readUntil;
      assignRead(self, line.replace(/\n$/, ''), names, raw, array);
      return 1;
    }
    if (more === '') {
      if (until !== undefined && machine.instant >= until) {
        delete process.partial;
        delete process.readUntil;
        return shell.flavour === 'bash' ? 142 : 1;
      }
      process.partial = line;
      const end = until ?? (timeout === undefined ? undefined : machine.instant + timeout * 1000);
      if (end !== undefined) process.readUntil = end;
      process.block = { on: 'read', file: file as number, ...(end === undefined ? {} : { until: end }) };
      runAgain(self, 'read', args);
      return undefined;
    }
    line += more;
  }
  delete process.partial;
  delete process.readUntil;
  const end = delimiter ?? '\n';
  let text = line.endsWith(end) ? line.slice(0, -1) : line;
  if (limit !== undefined) text = text.slice(0, limit);
  return assignRead(self, text, names, raw, array);
}

/** What has to wait is run once more, with the same words, when that is over. */
export function runAgain({ machine, shell }: Shell, name: string, args: readonly string[]): void {
  shell.stack.push({ t: 'list', s: addSource(machine, [name, ...args.map((arg) => `'${arg.replace(/'/g, `'\\''`)}'`)].join(' ')), n: 0, i: 0 });
}

function assignRead(self: Shell, line: string, names: readonly string[], raw: boolean, array: string | undefined): number {
  const ifs = self.value('IFS') ?? ' \t\n';
  if (array !== undefined) {
    const parts = splitForRead(line, 10_000, ifs, raw);
    while (parts.length > 0 && parts.at(-1) === '') parts.pop();
    self.shell.vars[referent(self.shell.vars, array)] = { value: parts[0] ?? '', list: Object.fromEntries(parts.map((part, i) => [i, part])) };
    return 0;
  }
  if (names.length === 0) {
    self.setVariable('REPLY', raw ? line : line.replace(/\\([\s\S])/g, '$1'));
    return 0;
  }
  const parts = splitForRead(line, names.length, ifs, raw);
  let status = 0;
  names.forEach((name, i) => {
    if (!self.setVariable(name, parts[i] ?? '')) status = 1;
  });
  return status;
}

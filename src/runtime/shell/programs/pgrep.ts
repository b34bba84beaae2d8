/** pgrep(1) and pkill(1): processes by name, command line, owner, parent and age (procps-ng's src/pgrep.c, busybox's procps/pgrep.c). */
import { signalName } from '../kernel.js';
import { comm } from '../proc.js';
import type { ProcessView, Program, ProgramContext } from '../program.js';
import { busyboxUsage } from './busybox.js';
import { type Options, parseOptions, withArgs } from './options.js';
import { allProcesses } from './ps.js';
import { userOf } from './simple.js';

const LONG: Readonly<Record<string, string>> = {
  full: 'f',
  exact: 'x',
  newest: 'n',
  oldest: 'o',
  'list-name': 'l',
  'list-full': 'a',
  count: 'c',
  inverse: 'v',
  'ignore-case': 'i',
  echo: 'e',
  euid: 'u=',
  uid: 'u=',
  parent: 'P=',
  delimiter: 'd=',
  signal: 's=',
};

/** Who is meant; a number: what the program ends with instead, said why. */
function chosen(context: ProgramContext, options: Options): readonly ProcessView[] | number {
  const isSmall = context.flavour === 'ash';
  const [text] = options.operands;
  const isBare = text === undefined && !['u', 'P', 'v'].some((letter) => options.has(letter));
  if (isBare || options.operands.length > 1) {
    if (isSmall) context.err(busyboxUsage(context));
    else if (isBare) context.err(`${context.name}: no matching criteria specified\nTry \`${context.name} --help' for more information.\n`);
    else context.err(`${context.name}: only one pattern can be provided\nTry \`${context.name} --help' for more information.\n`);
    return isSmall ? 1 : 2;
  }
  let pattern: RegExp;
  try {
    pattern = new RegExp(options.has('x') ? `^(?:${text ?? ''})$` : (text ?? ''), options.has('i') ? 'i' : '');
  } catch {
    return 2;
  }
  const owners = options.value('u')?.split(',');
  const parents = options.value('P')?.split(',').map(Number);
  const fits = (view: ProcessView): boolean =>
    pattern.test(options.has('f') ? view.command : comm(view)) &&
    (owners === undefined || owners.includes(String(view.uid)) || owners.includes(userOf(context, view.uid))) &&
    (parents === undefined || parents.includes(view.ppid));
  const found = allProcesses(context).filter((view) => view.pid !== context.pid && fits(view) !== options.has('v'));
  if (!options.has('n') && !options.has('o')) return found;
  const byAge = found.toSorted((a, b) => a.since - b.since || a.pid - b.pid);
  return byAge.slice(options.has('o') ? 0 : -1).slice(0, 1);
}

const pgrep: Program = {
  name: 'pgrep',
  run(context) {
    const options = parseOptions(context, context.flavour === 'ash' ? 'vlafxonP:' : 'vlafxonP:u:U:d:cis:w', LONG);
    if (typeof options === 'number') return context.flavour === 'ash' ? 1 : 2;
    const found = chosen(context, options);
    if (typeof found === 'number') return found;
    const isSmall = context.flavour === 'ash';
    const shown = (view: ProcessView): string =>
      options.has('a') || (options.has('l') && options.has('f') && isSmall)
        ? `${view.pid} ${view.command}`
        : options.has('l')
          ? `${view.pid} ${comm(view)}`
          : String(view.pid);
    if (options.has('c')) context.out(`${found.length}\n`);
    else if (found.length > 0) context.out(`${found.map(shown).join(options.value('d') ?? '\n')}\n`);
    return found.length > 0 ? 0 : 1;
  },
};

const pkill: Program = {
  name: 'pkill',
  run(context) {
    // `-9`, `-HUP`: the first such word is the signal.
    const at = context.args.findIndex((arg) => /^-(\d+|[A-Z]{2,}\d*)$/.test(arg));
    const given = at < 0 ? undefined : context.args[at]?.slice(1);
    const options = parseOptions(
      given === undefined ? context : withArgs(context, context.args.toSpliced(at, 1)),
      context.flavour === 'ash' ? 'vlfxonP:' : 'vfxonP:u:U:ceis:',
      LONG,
    );
    if (typeof options === 'number') return context.flavour === 'ash' ? 1 : 2;
    const word = given ?? options.value('s') ?? 'TERM';
    const signal = word === '0' ? '0' : signalName(word);
    if (signal === undefined) {
      context.err(context.flavour === 'ash' ? `pkill: bad signal name '${word}'\n` : `pkill: unknown signal ${word}\n`);
      return context.flavour === 'ash' ? 1 : 2;
    }
    const found = chosen(context, options);
    if (typeof found === 'number') return found;
    for (const view of found) {
      context.kill(view.pid, signal);
      if (options.has('e')) context.out(`${comm(view)} killed (pid ${view.pid})\n`);
    }
    if (options.has('c')) context.out(`${found.length}\n`);
    return found.length > 0 ? 0 : 1;
  },
};

export const patternPrograms: readonly Program[] = [pgrep, pkill];

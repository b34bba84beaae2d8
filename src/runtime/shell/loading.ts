/** From a command's name to a running process: lookup along the PATH, and execve. */
import type { Time } from '../../api/time.js';
import { FileError, type Files, type ProcessHost } from '../process.js';
import { writeFd } from './descriptors.js';
import { addSource, type Environment } from './environment.js';
import { descriptorOf, errorText, normalize, spawn } from './kernel.js';
import { exportedVariables, newShell, type Shell } from './shell.js';
import type { Flavour, Machine, Process, ShellProcess } from './state.js';
import { syntaxError } from './syntax-error.js';

export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export type Found =
  | { readonly kind: 'program'; readonly name: string }
  | { readonly kind: 'shell'; readonly flavour: Flavour }
  | { readonly kind: 'script'; readonly path: string; readonly content: string }
  /** Not the shell's: the image catalogue's, or of no known effect. */
  | { readonly kind: 'foreign'; readonly name: string }
  | { readonly kind: 'none'; readonly why: 'missing' | 'path' | 'directory' | 'denied' | 'loop' };

function isLoop(files: Files, path: string): boolean {
  try {
    files.look(path);
    return false;
  } catch (error) {
    return error instanceof FileError && error.code === 'ELOOP';
  }
}

/** Finds what a command name runs: the image's programs, shells, and scripts in its files. */
export function lookUp(environment: Environment, cwd: string, searchPath: string, name: string): Found {
  const { files } = environment.host;
  const known = (base: string): Found | undefined => {
    const flavour = environment.shellFlavour(base);
    if (flavour !== undefined) return { kind: 'shell', flavour };
    const program = environment.program(base);
    if (program !== undefined && program.yields !== true) return { kind: 'program', name: base };
    return environment.host.hasProgram(base) ? { kind: 'foreign', name: base } : undefined;
  };
  const script = (path: string): Found | undefined => {
    const stat = files.stat(path);
    if (stat === undefined) return undefined;
    if (stat.type === 'directory') return { kind: 'none', why: 'directory' };
    if ((stat.mode & 0o111) === 0) return { kind: 'none', why: 'denied' };
    let content: string;
    try {
      content = files.read(path);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return { kind: 'none', why: 'denied' };
    }
    const its = content === '' || content.startsWith('\x7fELF') ? known(path.slice(path.lastIndexOf('/') + 1)) : undefined;
    return its ?? (content.startsWith('\x7fELF') ? undefined : { kind: 'script', path, content });
  };
  if (name.includes('/')) {
    const path = normalize(cwd, name);
    const direct = script(path);
    if (direct !== undefined) return direct;
    if (environment.isRooted !== true && /^\/(usr\/)?(local\/)?s?bin\//.test(path)) {
      const base = known(path.slice(path.lastIndexOf('/') + 1));
      if (base !== undefined) return base;
    }
    return { kind: 'none', why: isLoop(files, path) ? 'loop' : 'path' };
  }
  // What an image has stays: looking along the whole path for every `sleep` would cost more than the sleep.
  const key = `${environment.host.image}:${environment.host.tag}:${searchPath}:${name}`;
  const paths = searchPath.split(':').map((directory) => normalize(cwd, `${directory === '' ? '.' : directory}/${name}`));
  const isImages = environment.isRooted !== true && !paths.some((path) => files.isOwn(path));
  const cached = isImages ? environment.found?.get(key) : undefined;
  if (cached !== undefined) return cached;
  const keep = (found: Found): Found => {
    if (isImages && (found.kind === 'program' || found.kind === 'shell')) environment.found?.set(key, found);
    return found;
  };
  for (const path of paths) {
    const found = script(path);
    if (found !== undefined && found.kind !== 'none') return keep(found);
  }
  const base = environment.isRooted === true ? undefined : known(name);
  return base === undefined ? { kind: 'none', why: 'missing' } : keep(base);
}

/** Starts a program (or a script, or a shell) as a child; undefined: not found or not executable, said so, status set. */
export function execute(self: Shell, argv: readonly string[], local: Readonly<Record<string, string>>): number | undefined {
  const { machine, process, shell, environment } = self;
  const name = argv[0] as string;
  const env = { ...exportedVariables(shell, process.cwd), ...local };
  const found = lookUp(environment, process.cwd, env['PATH'] ?? shell.vars['PATH']?.value ?? DEFAULT_PATH, name);
  if (found.kind === 'none') {
    const loop = 'Too many levels of symbolic links';
    const texts: Readonly<Record<typeof found.why, string>> =
      shell.flavour === 'bash'
        ? { missing: 'command not found', path: 'No such file or directory', directory: 'Is a directory', denied: 'Permission denied', loop }
        : { missing: 'not found', path: 'not found', directory: 'Permission denied', denied: 'Permission denied', loop };
    self.complain(`${name}: ${texts[found.why]}`);
    const isNone = found.why === 'missing' || found.why === 'path' || (found.why === 'loop' && shell.flavour !== 'bash');
    shell.status = isNone ? 127 : 126;
    return undefined;
  }
  const child = spawn(machine, process.pid, process.fds, process.cwd);
  load(machine, environment, child, found, argv, env);
  return child.pid;
}

/** Makes a process run what was found (execve). */
export function load(
  machine: Machine,
  environment: Environment,
  process: Process,
  found: Exclude<Found, { kind: 'none' }>,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): void {
  delete process.shell;
  delete process.program;
  if (found.kind === 'program') {
    process.program = { name: found.name, argv, env };
    return;
  }
  if (found.kind === 'foreign') {
    loadForeign(machine, environment, process, found.name, argv, env);
    return;
  }
  if (found.kind === 'script') {
    const shebang = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(found.content);
    const interpreter = shebang?.[1]?.split('/').at(-1) === 'env' ? shebang[2] : shebang?.[1]?.split('/').at(-1);
    const flavour = environment.shellFlavour(interpreter ?? 'sh');
    if (flavour === undefined) {
      process.program = { name: interpreter ?? 'sh', argv: [interpreter ?? 'sh', found.path, ...argv.slice(1)], env };
      return;
    }
    process.shell = newShell(flavour, argv[0] as string, argv.slice(1), env);
    process.shell.named = true;
    if (shebang?.[2] !== undefined && /^-[a-z]+$/.test(shebang[2])) for (const option of shebang[2].slice(1)) process.shell.options[option] = true;
    startSource(machine, environment, process, found.content);
    return;
  }
  startShell(machine, environment, process, found.flavour, argv, env);
}

/** The image's own program, else the shell's of that name, else one that the image has and nobody knows: it says so and ends well. */
function loadForeign(
  machine: Machine,
  environment: Environment,
  process: Process,
  name: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): void {
  const spec = { argv, env, cwd: process.cwd, uid: machine.uid, gid: machine.gid, tty: false, stdin: false };
  const started = environment.host.catalogue?.start(spec, hostFor(machine, environment, process));
  if (started !== undefined) {
    const { next, lazyUntil, ...state } = started;
    process.foreign = { argv, process: state, next: next ?? machine.instant, ...(lazyUntil === undefined ? {} : { lazyUntil }) };
  } else if (environment.program(name) !== undefined) process.program = { name, argv, env };
  else {
    writeFd(machine, environment, process, 2, `podsim: ${name} is not simulated; it does nothing\n`);
    process.exit = 0;
  }
}

/** The host as a foreign process sees it: what it writes goes to its own descriptors. */
export function hostFor(machine: Machine, environment: Environment, process: Process): ProcessHost {
  return Object.create(environment.host, {
    files: { get: () => environment.host.files },
    write: {
      value: (stream: 'stdout' | 'stderr', text: string, at: Time) => {
        const file = machine.files[process.fds[stream === 'stdout' ? 1 : 2] as number];
        if (file?.kind === 'output' && file.isMain !== true) environment.host.write(file.stream, text, at);
        else writeFd(machine, environment, process, stream === 'stdout' ? 1 : 2, text);
      },
    },
  }) as ProcessHost;
}

/** `sh [-eux] [-o option] [-c source [name args…] | script [args…]]`. */
function startShell(
  machine: Machine,
  environment: Environment,
  process: Process,
  flavour: Flavour,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): void {
  const args = argv.slice(1);
  const options: Record<string, boolean> = {};
  let command = false;
  while (args[0] !== undefined && /^[-+][A-Za-z]|^--/.test(args[0])) {
    const flag = args.shift() as string;
    if (flag === '--') break;
    if (flag.startsWith('--')) continue;
    for (const letter of flag.slice(1)) {
      if (letter === 'c') command = true;
      else if (letter === 'o') options[args.shift() ?? ''] = flag.startsWith('-');
      else options[letter] = flag.startsWith('-');
    }
  }
  if (options['errexit'] === true) options['e'] = true;
  if (options['nounset'] === true) options['u'] = true;
  if (options['xtrace'] === true) options['x'] = true;
  const shell = newShell(flavour, argv[0] as string, [], env);
  const { i: _interactive, l: _login, s: _stdin, ...rest } = options;
  shell.options = rest;
  process.shell = shell;
  if (command) {
    const source = args.shift();
    if (source === undefined) {
      writeFd(
        machine,
        environment,
        process,
        2,
        `${shell.name}: ${flavour === 'dash' ? '0: ' : ''}-c${flavour === 'ash' ? '' : ':'} ${flavour === 'ash' ? 'requires an argument' : flavour === 'dash' ? 'requires an argument' : 'option requires an argument'}\n`,
      );
      process.exit = 2;
      return;
    }
    shell.command = true;
    if (args.length > 0) {
      shell.name = args.shift() as string;
      shell.named = true;
    }
    shell.args = args;
    startSource(machine, environment, process, source);
    return;
  }
  const script = args.shift();
  if (script !== undefined) {
    const path = normalize(process.cwd, script);
    shell.name = script;
    shell.named = true;
    shell.args = args;
    if (process.fds[descriptorOf(path) ?? ''] !== undefined || environment.host.files.stat(path)?.type === 'fifo') {
      startSource(machine, environment, process, readAll(path));
      return;
    }
    try {
      startSource(machine, environment, process, environment.host.files.read(path));
    } catch (error) {
      const text = errorText(error);
      writeFd(
        machine,
        environment,
        process,
        2,
        flavour === 'bash'
          ? `bash: ${script}: ${text}\n`
          : flavour === 'dash'
            ? `${argv[0]}: 0: cannot open ${script}: ${text === 'No such file or directory' ? 'No such file' : text}\n`
            : `${argv[0]}: can't open '${script}': ${text}\n`,
      );
      process.exit = flavour === 'bash' ? 127 : 2;
    }
    return;
  }
  // No script: commands come from standard input.
  shell.interactive = true;
}

/** A script that comes through a pipe is run when all of it has come. */
export const readAll = (path: string): string => `eval "$(cat ${path.replace(/[^\w/.-]/g, '\\$&')})"`;

/** Starts source text in a shell process; a syntax error ends it with 2, in the shell's own words. */
export function startSource(machine: Machine, environment: Environment, process: Process, source: string): void {
  const shell = process.shell as ShellProcess;
  const problem = environment.parser(source).problem(shell.flavour);
  if (problem === undefined) {
    shell.stack.push({ t: 'list', s: addSource(machine, source), n: 0, i: 0 });
    return;
  }
  // Commands are read one after the other: those before the fault run.
  shell.stack.push({ t: 'fault', text: syntaxError(shell, source, problem), status: problem.status });
  const before = source.slice(0, problem.start);
  if (before.trim() !== '') shell.stack.push({ t: 'list', s: addSource(machine, before), n: 0, i: 0 });
}

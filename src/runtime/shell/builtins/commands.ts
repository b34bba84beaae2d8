/** What a name means to the shell (`type`, `command -v`), and `.`. */
import { exitShell } from '../ending.js';
import { descriptorOf, errorText, normalize } from '../kernel.js';
import { DEFAULT_PATH, lookUp, readAll } from '../loading.js';
import type { Shell } from '../shell.js';
import type { Frame } from '../state.js';
import { lineZero } from './builtin.js';
import { builtins } from './index.js';

export function typeOf(self: Shell, name: string): string | undefined {
  const { shell } = self;
  if (Object.hasOwn(shell.functions, name)) return 'function';
  if (/^(if|then|else|elif|fi|for|while|until|do|done|case|esac|in|\{|\}|!)$/.test(name)) return 'keyword';
  if (builtins.has(name)) return 'builtin';
  const found = lookUp(self.environment, self.process.cwd, self.value('PATH') ?? DEFAULT_PATH, name);
  if (found.kind === 'none') return undefined;
  if (found.kind === 'script') return found.path;
  if (name.includes('/')) return name;
  return programPath(self, name);
}

export function describeType(self: Shell, name: string, kind: string): string {
  if (kind.startsWith('/')) return `${name} is ${kind}\n`;
  const texts: Readonly<Record<string, string>> =
    self.shell.flavour === 'bash'
      ? { function: 'a function', keyword: 'a shell keyword', builtin: 'a shell builtin' }
      : {
          function: 'a function',
          keyword: 'a shell keyword',
          builtin: /^(:|\.|break|continue|eval|exec|exit|export|readonly|return|set|shift|times|trap|unset)$/.test(name)
            ? 'a special shell builtin'
            : 'a shell builtin',
        };
  return `${name} is ${texts[kind] ?? kind}\n`;
}

/** Where the image keeps a program: what `which` and `command -v` print. */
function programPath(self: { readonly environment: { readonly host: { readonly files: Shell['environment']['host']['files'] } } }, name: string): string {
  for (const directory of ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'])
    if (self.environment.host.files.stat(`${directory}/${name}`) !== undefined) return `${directory}/${name}`;
  return `/bin/${name}`;
}

function whyNone({ environment }: Shell, path: string): string {
  try {
    environment.host.files.look(path);
    return 'No such file or directory';
  } catch (error) {
    return errorText(error);
  }
}

const isStream = ({ process, environment }: Shell, path: string): boolean =>
  process.fds[descriptorOf(path) ?? ''] !== undefined || environment.host.files.stat(path)?.type === 'fifo';

export function sourceFile(self: Shell, args: readonly string[]): number | undefined {
  const { shell, environment } = self;
  const name = args[0];
  if (name === undefined) {
    self.complain('.: filename argument required');
    return 2;
  }
  const candidates = name.includes('/')
    ? [self.path(name)]
    : [...(self.value('PATH') ?? DEFAULT_PATH).split(':').map((directory) => normalize('/', `${directory}/${name}`)), self.path(name)];
  const flows = candidates.find((candidate) => isStream(self, candidate));
  if (flows !== undefined) {
    self.run(readAll(flows), args.length > 1 ? { t: 'source', saved: shell.args } : { t: 'source' });
    if (args.length > 1) shell.args = args.slice(1);
    return shell.status;
  }
  const path = candidates.find((candidate) => environment.host.files.stat(candidate)?.type === 'file');
  if (path === undefined) {
    const why = whyNone(self, candidates[0] as string);
    self.complain(
      shell.flavour === 'bash'
        ? `${name}: ${why}`
        : shell.flavour === 'dash'
          ? `.: cannot open ${name}: ${why === 'No such file or directory' ? 'No such file' : why}`
          : `.: ${lineZero(self)}can't open '${name}': ${why}`,
    );
    if (shell.flavour !== 'bash' && shell.interactive !== true) {
      exitShell(self.machine, environment, self.process, 2);
      return undefined;
    }
    return 1;
  }
  try {
    const content = environment.host.files.read(path);
    const frame: Frame = args.length > 1 ? { t: 'source', saved: shell.args } : { t: 'source' };
    if (args.length > 1) shell.args = args.slice(1);
    shell.status = 0;
    if (content.trim() !== '') self.run(content, frame);
  } catch (error) {
    self.complain(`${name}: ${errorText(error)}`);
    return 1;
  }
  return shell.status;
}

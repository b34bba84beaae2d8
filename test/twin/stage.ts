/**
 * The same cluster twice: once behind `podsim serve` for the real kubectl, once as a state file for podsim. Both are put back
 * to the scene before every command that changes something, and moved to the machine's time for those whose client counts ages.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Step } from './commands.js';
import { type Outcome, runProgram } from './kubectl.js';
import { bin, root, runPodsim } from './podsim.js';
import { shiftState } from './shift.js';

export interface Pair {
  readonly kubectl: Outcome;
  readonly podsim: Outcome;
}

type Side = 'kubectl' | 'podsim';

export class Stage {
  private readonly directory = mkdtempSync(join(tmpdir(), 'podsim-twin-'));
  private readonly states: Readonly<Record<Side, string>>;
  private server: ChildProcess | undefined;
  private text = '';
  private now = 0;
  private isDirty = false;
  private kubeconfig = '';

  private readonly kubectl: string;

  constructor(real: string) {
    // It puts the name it was called by into some of its texts.
    this.kubectl = join(this.directory, 'kubectl');
    symlinkSync(real, this.kubectl);
    this.states = { kubectl: join(this.directory, 'served.json'), podsim: join(this.directory, 'here.json') };
    mkdirSync(this.home);
    this.layFiles();
  }

  private get home(): string {
    return join(this.directory, 'home');
  }
  /** Where the commands run; both sides see the same paths, one after the other. */
  private get files(): string {
    return join(this.directory, 'files');
  }

  /** Makes the scene: a fresh cluster, and what the lines of test/twin/scene.txt do to it. */
  async build(): Promise<void> {
    const run = async (args: readonly string[]) => {
      const { code, out, err } = await runPodsim(args, { cwd: join(root, 'test/twin'), env: this.env('podsim'), stdin: '' });
      if (code !== 0) throw new Error(`podsim ${args.join(' ')}: ${out}${err}`);
    };
    const lines = readFileSync(join(root, 'test/twin/scene.txt'), 'utf8').split('\n');
    for (const line of lines) if (line.trim() !== '' && !line.startsWith('#')) await run(line.trim().split(/\s+/));
    this.text = readFileSync(this.states.podsim, 'utf8');
    this.now = Number(/"now":(\d+)/.exec(this.text)?.[1]);
    if (this.now % 1000 !== 0) throw new Error('the scene must end at a whole second');
    this.putBack();
    await this.serve();
  }

  async compare(steps: readonly Step[]): Promise<readonly Pair[]> {
    const changes = steps.some((step) => step.changes);
    if (changes && this.isDirty) this.putBack();
    const pairs: Pair[] = [];
    for (const step of steps) pairs.push(await this.step(step));
    if (changes) this.isDirty = true;
    return pairs;
  }

  /** Reads alone leave nothing behind: the real kubectl may do several at a time. */
  async compareReads(all: readonly Step[], atOnce: number): Promise<readonly Pair[]> {
    if (this.isDirty) this.putBack();
    const pairs: Pair[] = [];
    for (let i = 0; i < all.length; i += atOnce) {
      const some = all.slice(i, i + atOnce);
      const real = some.map((step) => this.run('kubectl', step));
      for (const [j, step] of some.entries()) pairs.push({ podsim: await this.run('podsim', step), kubectl: await (real[j] as Promise<Outcome>) });
    }
    return pairs;
  }

  /** For who counts ages on the client's clock: the cluster is moved to the second in which the real kubectl runs. */
  async compareNow(all: readonly Step[], atOnce: number): Promise<readonly Pair[]> {
    const pairs: Pair[] = [];
    for (let i = 0; i < all.length; i += atOnce) {
      const some = all.slice(i, i + atOnce);
      for (let attempt = 1; ; attempt++) {
        const second = Math.floor(Date.now() / 1000) + 1;
        this.putBack(second * 1000 - this.now);
        await new Promise((resolve) => setTimeout(resolve, second * 1000 - Date.now() + 1));
        const kubectl = await Promise.all(some.map((step) => this.run('kubectl', step)));
        const late = Math.floor(Date.now() / 1000) !== second;
        if (late && attempt < 5) continue;
        const found: Pair[] = [];
        for (const [j, step] of some.entries()) found.push({ kubectl: kubectl[j] as Outcome, podsim: await this.run('podsim', step) });
        // Times of events have fractions: the real kubectl may have been late for one of them.
        if (attempt < 3 && found.some(({ kubectl: a, podsim: b }) => a.out !== b.out)) continue;
        pairs.push(...found);
        break;
      }
    }
    this.isDirty = true;
    return pairs;
  }

  async close(): Promise<void> {
    const { server } = this;
    if (server !== undefined) {
      const ended = new Promise((resolve) => server.on('close', resolve));
      server.kill('SIGTERM');
      await ended;
    }
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async step(step: Step): Promise<Pair> {
    if (!step.changes) return { kubectl: await this.run('kubectl', step), podsim: await this.run('podsim', step) };
    // Files are changed as well as the cluster: what the first side wrote, the second must not see.
    const before = this.isFileCommand(step) ? this.keepFiles() : undefined;
    const kubectl = await this.run('kubectl', step);
    if (before !== undefined) this.layFiles(before);
    const podsim = await this.run('podsim', step);
    return { kubectl, podsim };
  }

  private isFileCommand({ args }: Step): boolean {
    return ['config', 'cp', 'set-last-applied', 'edit'].some((word) => args.includes(word)) || args.includes('--output-directory');
  }

  private run(side: Side, { args, stdin }: Step): Promise<Outcome> {
    const input = stdin === undefined ? '' : readFileSync(join(this.files, stdin), 'utf8');
    const options = { cwd: this.files, env: this.env(side), stdin: input };
    return side === 'kubectl' ? runProgram(this.kubectl, args, options) : runPodsim(args, options);
  }

  private env(side: Side): Readonly<Record<string, string>> {
    const { home } = this;
    const common = {
      HOME: home,
      PATH: '/usr/bin:/bin',
      EDITOR: join(this.files, 'editor.sh'),
      KUBECTL_EXTERNAL_DIFF: join(this.files, 'differ.sh'),
      LANG: 'C',
    };
    return side === 'kubectl' ? common : { ...common, PODSIM_HOME: join(home, '.kube'), PODSIM_STATE: this.states.podsim };
  }

  private putBack(by = 0): void {
    const text = by === 0 ? this.text : shiftState(this.text, by);
    for (const file of Object.values(this.states)) {
      writeFileSync(`${file}.new`, text, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    }
    this.layFiles();
    if (this.kubeconfig !== '') writeFileSync(join(this.home, '.kube/config'), this.kubeconfig, { mode: 0o600 });
    this.isDirty = false;
  }

  private keepFiles(): string {
    const kept = join(this.directory, 'kept');
    rmSync(kept, { recursive: true, force: true });
    cpSync(this.files, join(kept, 'files'), { recursive: true });
    cpSync(join(this.home, '.kube/config'), join(kept, 'config'));
    return kept;
  }

  private layFiles(from?: string): void {
    rmSync(this.files, { recursive: true, force: true });
    cpSync(from === undefined ? join(root, 'test/twin/files') : join(from, 'files'), this.files, { recursive: true });
    if (from !== undefined) cpSync(join(from, 'config'), join(this.home, '.kube/config'));
  }

  private async serve(): Promise<void> {
    const server = spawn(
      process.execPath,
      [bin, '--state', this.states.kubectl, 'serve', '--port', '0', '--write-kubeconfig', join(this.home, '.kube/config')],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, HOME: this.home },
      },
    );
    this.server = server;
    let said = '';
    await new Promise<void>((resolve, reject) => {
      const listen = (data: Buffer) => {
        said += data.toString('utf8');
        if (said.includes('KUBECONFIG=')) resolve();
      };
      server.stdout.on('data', listen);
      server.stderr.on('data', listen);
      server.on('close', (code) => reject(new Error(`podsim serve ended with ${code}: ${said}`)));
    });
    this.kubeconfig = readFileSync(join(this.home, '.kube/config'), 'utf8');
    // Discovery is asked for once, not by every command that follows.
    await this.run('kubectl', { args: ['api-resources'], changes: false, now: false });
  }
}

/** The files of a directory of command tables, in order. */
export const tables = (directory: string): readonly string[] =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.txt'))
    .sort();

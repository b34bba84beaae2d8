/**
 * The same cluster twice: once behind `podsim serve` for the real kubectl, once as a state file for podsim. Both are put back
 * to the scene before every command that changes something, and moved to the machine's time for those whose client counts ages.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Step } from './commands.js';
import { type Outcome, runProgram } from './kubectl.js';
import { bin, root, runPodsim, untilServing } from './podsim.js';
import { shiftState, wholeSeconds } from './shift.js';

export interface Pair {
  readonly kubectl: Outcome;
  readonly podsim: Outcome;
  /** How long both took together, in ms. */
  readonly took: number;
}

type Side = 'kubectl' | 'podsim';

interface Timed {
  readonly pair: Pair;
  /** kubectl may have read the clock a second late. */
  readonly isLate: boolean;
  readonly isSame: boolean;
}

/** A machine may be busy for a while. */
const ATTEMPTS = 10;

export class Stage {
  /** In memory where there is such a place: the states are written some thousand times. */
  private readonly directory = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'podsim-twin-'));
  private readonly states: Record<Side, string>;
  /** How many podsims could not be ended, and may still write to the file they had. */
  private strays = 0;
  private server: ChildProcess | undefined;
  private text = '';
  private now = 0;
  private isDirty = false;
  private areFilesDirty = false;
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
    this.text = wholeSeconds(readFileSync(this.states.podsim, 'utf8'));
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
    for (let i = 0; i < all.length; i += atOnce) pairs.push(...(await Promise.all(all.slice(i, i + atOnce).map((step) => this.both(step)))));
    return pairs;
  }

  /**
   * For who counts ages on the client's clock: the cluster is moved to the second in which the real kubectl runs. Who came too late
   * for it, or differs (which may be because he read the clock late), tries again alone.
   */
  async compareNow(all: readonly Step[], atOnce: number): Promise<readonly Pair[]> {
    const pairs: Pair[] = [];
    for (let i = 0; i < all.length; i += atOnce)
      for (const [j, { pair, isLate, isSame }] of (await this.within(all.slice(i, i + atOnce))).entries())
        pairs.push(isSame && !isLate ? pair : await this.alone(all[i + j] as Step));
    this.isDirty = true;
    return pairs;
  }

  private async alone(step: Step): Promise<Pair> {
    for (let attempt = 1, inTime = 0; ; attempt++) {
      const [{ pair, isLate, isSame }] = (await this.within([step])) as [Timed];
      if (!isLate && (isSame || ++inTime === 2)) return pair;
      if (attempt === ATTEMPTS) return pair;
    }
  }

  /** All within the next second, if they are quick enough. */
  private async within(steps: readonly Step[]): Promise<readonly Timed[]> {
    const start = (Math.floor(Date.now() / 1000) + 1) * 1000;
    this.putBack(start - this.now);
    await new Promise((resolve) => setTimeout(resolve, start - Date.now() + 1));
    const inTime = async (step: Step) => {
      const kubectl = await this.run('kubectl', step);
      return { kubectl, isLate: Date.now() >= start + 1000, took: Date.now() - start };
    };
    const real = await Promise.all(steps.map(inTime));
    const timed: Timed[] = [];
    for (const [i, { kubectl, isLate, took }] of real.entries()) {
      const began = Date.now();
      const podsim = await this.run('podsim', steps[i] as Step);
      timed.push({ pair: { kubectl, podsim, took: took + Date.now() - began }, isLate, isSame: kubectl.out === podsim.out });
    }
    return timed;
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
    if (!this.isFileCommand(step)) return this.both(step);
    this.areFilesDirty = true;
    // Files are changed as well as the cluster: what the first side wrote, the second must not see.
    const began = Date.now();
    const before = this.keepFiles();
    const kubectl = await this.run('kubectl', step);
    this.layFiles(before);
    const podsim = await this.run('podsim', step);
    return { kubectl, podsim, took: Date.now() - began };
  }

  private async both(step: Step): Promise<Pair> {
    const began = Date.now();
    const [kubectl, podsim] = await Promise.all([this.run('kubectl', step), this.run('podsim', step)]);
    return { kubectl, podsim, took: Date.now() - began };
  }

  private isFileCommand({ args }: Step): boolean {
    return ['config', 'cp', 'set-last-applied', 'edit'].some((word) => args.includes(word)) || args.includes('--output-directory');
  }

  private async run(side: Side, { args, env, stdin }: Step): Promise<Outcome> {
    const input = stdin === undefined ? '' : readFileSync(join(this.files, stdin), 'utf8');
    const options = { cwd: this.files, env: { ...this.env(side), ...env }, stdin: input };
    if (side === 'kubectl') return runProgram(this.kubectl, args, options);
    const outcome = await runPodsim(args, options);
    if (outcome.hung === true) {
      this.states.podsim = join(this.directory, `here-${++this.strays}.json`);
      this.isDirty = true;
    }
    return outcome;
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
    this.isDirty = false;
    if (!this.areFilesDirty) return;
    this.layFiles();
    writeFileSync(join(this.home, '.kube/config'), this.kubeconfig, { mode: 0o600 });
    this.areFilesDirty = false;
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
    await untilServing(server);
    this.kubeconfig = readFileSync(join(this.home, '.kube/config'), 'utf8');
    // Discovery is asked for once, not by every command that follows.
    await this.run('kubectl', { args: ['api-resources'], env: {}, changes: false, now: false });
  }
}

/** The files of a directory of command tables, in order. */
export const tables = (directory: string): readonly string[] =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.txt'))
    .sort();

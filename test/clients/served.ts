/** A cluster behind `podsim serve`, as a process of its own, for real clients to connect to. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bin, untilServing } from '../twin/podsim.js';

export interface Finished {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

/** Its files are gone when it is closed. */
export class ServedCluster {
  readonly directory = mkdtempSync(join(tmpdir(), 'podsim-clients-'));
  readonly kubeconfig = join(this.directory, 'kubeconfig');
  readonly state = join(this.directory, 'cluster.json');
  private server: ChildProcess | undefined;
  private port = '0';
  /** What it has said on stderr. */
  complaints = '';

  /** `extra`: flags of `cluster create`. */
  constructor(...extra: readonly string[]) {
    mkdirSync(join(this.directory, 'home'));
    const made = this.podsim('cluster', 'create', ...extra, '--force');
    if (made.code !== 0) throw new Error(made.err);
  }

  /** For a program that finds the cluster by its kubeconfig, or podsim by its state file. */
  get env(): Readonly<Record<string, string>> {
    const home = join(this.directory, 'home');
    return { HOME: home, PATH: '/usr/bin:/bin', KUBECONFIG: this.kubeconfig, PODSIM_STATE: this.state, PODSIM_HOME: home, PODSIM_DEBUG: '1' };
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }
  get pid(): number {
    return this.server?.pid ?? 0;
  }

  /** podsim itself, on this cluster, in a process of its own. */
  podsim(...args: readonly string[]): Finished {
    const { stdout, stderr, status } = spawnSync(process.execPath, [bin, ...args], { env: this.env, encoding: 'utf8' });
    return { out: stdout, err: stderr, code: status ?? -1 };
  }

  /** Starts it, again at the same port if it was there before; resolves when it says that it serves. */
  async start(): Promise<this> {
    const args = [bin, 'serve', '--port', this.port, '--write-kubeconfig', this.kubeconfig];
    const server = spawn(process.execPath, args, { env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.server = server;
    server.stderr.on('data', (data: Buffer) => {
      this.complaints += data.toString('utf8');
    });
    const said = await untilServing(server);
    this.port = / at https:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1] ?? this.port;
    return this;
  }

  /** Ends it with this signal; its exit code, or -1 when the signal itself was its end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number> {
    const { server } = this;
    if (server === undefined || server.exitCode !== null) return server?.exitCode ?? 0;
    const ended = new Promise<number>((resolve) => server.on('close', (code) => resolve(code ?? -1)));
    server.kill(signal);
    return ended;
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** HTTP clients of a served cluster: plain requests over kept connections, and bytes over a socket of one's own. */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { connect, type TLSSocket } from 'node:tls';
import { parseYaml } from '../../src/text/yaml.js';
import type { ServedCluster } from './served.js';

export interface Credentials {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** From the kubeconfig that serve has written. */
export function credentialsOf({ kubeconfig }: ServedCluster): Credentials {
  const parsed = parseYaml(readFileSync(kubeconfig, 'utf8'));
  const config = ('value' in parsed ? parsed.value : {}) as {
    clusters: readonly { cluster: Record<string, string> }[];
    users: readonly { user: Record<string, string> }[];
  };
  const decoded = (text = '') => Buffer.from(text, 'base64').toString('utf8');
  const { cluster = {} } = config.clusters[0] ?? {};
  const { user = {} } = config.users[0] ?? {};
  return {
    ca: decoded(cluster['certificate-authority-data']),
    cert: decoded(user['client-certificate-data']),
    key: decoded(user['client-key-data']),
  };
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}
export interface Answered {
  readonly status: number;
  readonly body: string;
  /** In ms. */
  readonly took: number;
}

export class HttpClient {
  readonly agent: Agent;
  constructor(
    private readonly url: string,
    private readonly credentials: Credentials,
    connections: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections, ...credentials });
  }

  /** Rejects when there is no answer, or none in time. */
  ask(path: string, { method = 'GET', headers = {}, body }: Sent = {}, timeout = 30_000): Promise<Answered> {
    const begin = performance.now();
    return new Promise((resolve, reject) => {
      const sent = request(this.url + path, { method, headers: headers as Record<string, string>, agent: this.agent, timeout }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text, took: performance.now() - begin }));
        response.on('error', reject);
      });
      sent.on('timeout', () => sent.destroy(new Error(`no answer to ${method} ${path}`)));
      sent.on('error', reject);
      sent.end(body);
    });
  }

  /** A watch: what it has told so far, in lines. */
  watch(path: string): { readonly lines: () => number; readonly close: () => void } {
    let lines = 0;
    const sent = request(this.url + path, { ...this.credentials, agent: false }, (response) => {
      response.on('data', (part: Buffer) => {
        for (const byte of part) if (byte === 10) lines++;
      });
      response.on('error', () => {});
    });
    sent.on('error', () => {});
    sent.end();
    return { lines: () => lines, close: () => sent.destroy() };
  }

  /** Pieces of bytes on a connection of their own, `pause` ms apart; what came back when it ended, or after `patience` ms. */
  async raw(pieces: readonly (string | Uint8Array)[], pause: number, patience: number): Promise<{ readonly text: string; readonly ended: boolean }> {
    const { hostname, port } = new URL(this.url);
    const socket = await new Promise<TLSSocket>((resolve, reject) => {
      const opened = connect({ host: hostname, port: Number(port), ...this.credentials }, () => resolve(opened));
      opened.on('error', reject);
    });
    let text = '';
    let ended = false;
    const end = new Promise<void>((resolve) => {
      const done = () => {
        ended = true;
        resolve();
      };
      socket.on('data', (data: Buffer) => {
        text += data.toString('latin1');
      });
      socket.on('close', done);
      socket.on('end', done);
      socket.on('error', done);
    });
    for (const piece of pieces) {
      if (ended) break;
      socket.write(piece);
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    }
    await Promise.race([end, new Promise((resolve) => setTimeout(resolve, patience))]);
    socket.destroy();
    return { text, ended };
  }
}

/** Numbers in [0, n), the same for the same seed (mulberry32). */
export function randomOf(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n);
  };
}

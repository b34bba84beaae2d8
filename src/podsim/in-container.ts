/**
 * kubectl in a container: our own (src/kubectl), run as an errand (api/errand.ts). Everything it reaches for is asked of the process it is the
 * program of; what it was told before it is told again when it has to be run anew.
 */
import { bytesOf, textOf } from '../api/bytes.js';
import type { Ask, Errand, ErrandResponse, ErrandRunner, ErrandStep, Reply } from '../api/errand.js';
import type { ApiRequest, ApiResponse, Session, Transport } from '../api/transport.js';
import { actingAs } from '../client/acting-as.js';
import { readClientStructs } from '../cluster/assets.js';
import { type IOStreams, UsageError } from '../kubectl/command.js';
import { type InCluster, run as runKubectl, type Surroundings } from '../kubectl/command-line.js';
import { type Files, pathErrorText } from '../kubectl/files.js';
import type { Target } from '../kubectl/kubeconfig.js';
import { normalize } from '../runtime/shell/kernel.js';
import { reasonOf } from '../runtime/shell/programs/later.js';

/** Programs that are kept running until their process has what they asked for. */
const MANY = 200;
/** So often in a row nothing may have happened before a program counts as waiting. */
const QUIET = 3;
/** So often a program that is run again may be asked whether it has come to where it was. */
const PATIENCE = 100_000;

/** One that keeps the programs it has begun, so that few are run again. */
export function createErrandRunner(): ErrandRunner {
  const running = new Map<string, Running>();
  return async (id, errand, idle) => {
    const known = running.get(id);
    running.delete(id);
    const program = known?.isOf(errand) === true ? known : new Running(errand);
    const step = await program.step(errand, idle);
    if (step.exit === undefined) running.set(id, program);
    if (running.size > MANY) running.delete(running.keys().next().value as string);
    return step;
  };
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

class Running {
  private readonly waiting = new Map<number, Waiting>();
  private said: { fd: '1' | '2'; text: string }[] = [];
  private asks: { id: number; ask: Ask }[] = [];
  private dropped: number[] = [];
  private exit: number | undefined;
  private onSignal: number | undefined;
  private lastAsk = 0;
  private told = 0;
  private now: Errand['began'];
  /** Counts whatever happens. */
  private events = 0;
  private isBegun = false;

  constructor(private readonly errand: Errand) {
    this.now = errand.began;
  }

  /** Whether it is the same program, and has been told what that one has been told when it was last asked. */
  isOf({ began, argv, shown }: Errand): boolean {
    return began === this.errand.began && argv.length === this.errand.argv.length && shown === this.told;
  }

  async step(errand: Errand, idle: () => Promise<void>): Promise<ErrandStep> {
    if (!this.isBegun) {
      this.isBegun = true;
      void this.begin();
      if (errand.shown === undefined) await this.settled(idle);
      else {
        await this.tell(errand, errand.shown, idle);
        // That has been taken.
        [this.said, this.asks, this.dropped] = [[], [], []];
      }
    }
    await this.tell(errand, errand.heard.length, idle);
    const { said, asks, dropped, exit, onSignal } = this;
    [this.said, this.asks, this.dropped] = [[], [], []];
    return { said, asks, dropped, ...(exit === undefined ? {} : { exit }), ...(onSignal === undefined ? {} : { onSignal }) };
  }

  private async tell({ heard }: Errand, count: number, idle: () => Promise<void>): Promise<void> {
    for (; this.told < count && this.exit === undefined; this.told++) {
      const { ask, at, reply } = heard[this.told] as Errand['heard'][number];
      for (let tries = 0; !this.waiting.has(ask) && this.exit === undefined; tries++) {
        if (tries > PATIENCE) throw new Error(`kubectl in a container does not ask again for what it has been told (${ask})`);
        await idle();
      }
      this.now = at;
      const waiting = this.waiting.get(ask);
      this.waiting.delete(ask);
      if ('value' in reply) waiting?.resolve(reply.value);
      else waiting?.reject(failureOf(reply));
      // One after the other, as it was.
      await idle();
    }
    await this.settled(idle);
  }

  /** Until it has ended, or waits for what it has asked for. */
  private async settled(idle: () => Promise<void>): Promise<void> {
    for (let quiet = 0; this.exit === undefined && quiet < QUIET; ) {
      const before = this.events;
      await idle();
      quiet = this.waiting.size > 0 && before === this.events ? quiet + 1 : 0;
    }
  }

  private async begin(): Promise<void> {
    try {
      this.exit = await runInContainer(this.errand, this);
    } catch (error) {
      this.say('2', `error: internal error in podsim: ${error instanceof Error ? error.message : String(error)}\n`);
      this.exit = 1;
    }
  }

  get time(): Errand['began'] {
    return this.now;
  }

  say(fd: '1' | '2', text: string): void {
    this.events++;
    if (text !== '') this.said.push({ fd, text });
  }

  ask(ask: Ask, signal?: AbortSignal): Promise<unknown> {
    return this.numbered(ask, signal).reply;
  }

  /** With the number by which it may be referred to. `signal`: nobody wants it any more; it is undefined then. */
  numbered(ask: Ask, signal?: AbortSignal): { readonly id: number; readonly reply: Promise<unknown> } {
    this.events++;
    const id = ++this.lastAsk;
    this.asks.push({ id, ask });
    const reply = new Promise<unknown>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      const leave = () => {
        if (!this.waiting.delete(id)) return;
        this.drop(id);
        resolve(undefined);
      };
      signal?.addEventListener('abort', leave);
      if (signal?.aborted === true) leave();
    });
    return { id, reply };
  }

  drop(id: number): void {
    this.events++;
    this.dropped.push(id);
  }

  endOnSignal(code: number): () => void {
    this.onSignal = code;
    return () => {
      this.onSignal = undefined;
    };
  }
}

function failureOf(reply: Reply & { readonly error: object }): Error {
  const { error } = reply as Extract<Reply, { readonly error: object }>;
  // Go asks a name that has both for IPv6 first.
  const dialed = error.code === 'ECONNREFUSED' ? { dialed: `${error.address === 'localhost' ? '[::1]' : error.address}:${error.port}` } : {};
  return Object.assign(new Error(error.message ?? error.code), error, dialed);
}

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
/** They need ports of a machine that others can reach. */
const NOT_SIMULATED: ReadonlySet<string> = new Set(['port-forward', 'proxy']);

async function runInContainer(errand: Errand, running: Running): Promise<number> {
  const { argv, env, cwd, terminal } = errand;
  const words = argv.slice(1);
  const command = words.find((word) => !word.startsWith('-')) ?? '';
  if (NOT_SIMULATED.has(command)) {
    running.say('2', `podsim: kubectl ${command} is not simulated in a container\n`);
    return 1;
  }
  const files = filesOf(running, cwd);
  const text = async (path: string): Promise<string | undefined> => ((await files.kind(path))?.kind === 'file' ? (await files.read(path)).trim() : undefined);
  /** Undefined: not possible (clientcmd's inClusterClientConfig.Possible). */
  const inCluster = async (): Promise<(InCluster & { readonly token: string }) | undefined> => {
    const [host, port] = [env['KUBERNETES_SERVICE_HOST'], env['KUBERNETES_SERVICE_PORT']];
    const token = host && port ? await text(`${ACCOUNT}/token`) : undefined;
    if (token === undefined) return undefined;
    return { server: `https://${host}:${port}`, token, namespace: env['POD_NAMESPACE'] || (await text(`${ACCOUNT}/namespace`)) || '' };
  };
  const surroundings: Surroundings = {
    transport: async (target) => actingAs(target, await transportTo(target, running, files, inCluster)),
    streams: streamsOf(running, terminal),
    env,
    cwd,
    files,
    configPath: await configPathOf(env, files),
    inCluster: async () => (await inCluster()) ?? { namespace: '', server: 'http://localhost:8080' },
    structs: async () => readClientStructs(),
    now: () => running.time,
    sleep: async (span, signal) => void (await running.ask({ type: 'sleep', span }, signal)),
    endOnSignal: (code) => running.endOnSignal(code),
    fetch: (url) => fetched(url, running),
  };
  return runKubectl(words, surroundings);
}

/** The first of KUBECONFIG's files that is there, or the one below HOME. */
async function configPathOf(env: Errand['env'], files: Files): Promise<string> {
  const paths = (env['KUBECONFIG'] ?? '').split(':').filter((path) => path !== '');
  for (const path of paths) if ((await files.kind(path)) !== undefined) return path;
  return paths[0] ?? `${env['HOME'] ?? ''}/.kube/config`;
}

async function transportTo(
  { server, token, clusterEntry, userEntry, isInsecure, isServerGiven }: Target,
  running: Running,
  files: Files,
  inCluster: () => Promise<{ readonly server: string; readonly token: string } | undefined>,
): Promise<Transport> {
  const here = server === '' && !isServerGiven ? await inCluster() : undefined;
  const address = new URL(here?.server ?? (server === '' ? 'http://localhost:8080' : server));
  const { tokenFile } = userEntry;
  const own = token === '' && typeof tokenFile === 'string' && tokenFile !== '' ? (await files.read(tokenFile)).trim() : token;
  const trusts = here !== undefined || isInsecure || TRUSTING.some((name) => ![undefined, '', false].includes(clusterEntry[name] as string | undefined));
  if (here === undefined && address.protocol === 'https:' && own === '' && !IDENTIFYING.some((name) => (userEntry[name] ?? '') !== '')) await askWho(running);
  const authority = clusterEntry['certificate-authority'];
  if (here === undefined && typeof authority === 'string' && authority !== '') await readOrFail(files, authority);
  return transportOver(running, address, own === '' ? (here?.token ?? '') : own, trusts);
}

/** Members of a kubeconfig's cluster by which the API server is believed: the machine's own authorities do not know it. */
const TRUSTING = ['certificate-authority', 'certificate-authority-data', 'insecure-skip-tls-verify'];

/** Members by which a user is known (clientcmd's canIdentifyUser). */
const IDENTIFYING = ['username', 'client-certificate', 'client-certificate-data', 'exec', 'auth-provider'];

/** Whoever comes to a server with TLS as nobody is asked who he is (clientcmd's PromptingAuthLoader). */
async function askWho(running: Running): Promise<void> {
  running.say('1', 'Please enter Username: ');
  if ((await running.ask({ type: 'input' })) === null) throw new UsageError('EOF');
  running.say('1', 'Please enter Password: ');
  if ((await running.ask({ type: 'input' })) === null) throw new UsageError('EOF');
}

async function readOrFail(files: Files, path: string): Promise<string> {
  try {
    return await files.read(path);
  } catch (error) {
    throw new UsageError(`unable to read certificate-authority ${path} for  due to open ${path}: ${pathErrorText(error)}`, 'bare');
  }
}

/** Of a URL: how it is spoken to, and where. */
const whereabouts = ({ protocol, hostname, port }: URL) => ({
  scheme: protocol.replace(':', ''),
  host: hostname,
  port: Number(port) || (protocol === 'https:' ? 443 : 80),
});

function transportOver(running: Running, address: URL, token: string, trusts: boolean): Transport {
  const base = address.pathname.replace(/\/$/, '');
  return async (request) => {
    const { body, method, headers, path, signal } = request;
    const ask: Ask = {
      type: 'http',
      method,
      ...whereabouts(address),
      path: base + path,
      headers: { 'User-Agent': 'kubectl', ...headers, ...(token === '' ? {} : { Authorization: `Bearer ${token}` }) },
      body: body === undefined ? '' : typeof body === 'string' ? body : body instanceof Uint8Array ? textOf(body) : JSON.stringify(body),
    };
    const { id, reply } = running.numbered(ask, signal);
    const response = (await reply) as ErrandResponse | undefined;
    if (response === undefined) throw Object.assign(new Error('context canceled'), { code: 'ECONNRESET' });
    if (!trusts && ask.scheme === 'https')
      throw Object.assign(new Error('unable to verify the first certificate'), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    return answerOf(request, response, running, id);
  };
}

function answerOf({ asText, signal }: ApiRequest, { status, headers, body, goesOn }: ErrandResponse, running: Running, id: number): ApiResponse {
  if (goesOn === 'lines') return { status, headers, body: chunksOf<string>(running, id, signal) };
  if (goesOn === 'frames') return { status, headers, session: sessionOf(running, id, signal) };
  const isJson = (headers['content-type'] ?? '').startsWith('application/json');
  return { status, headers, body: isJson && asText !== true ? JSON.parse(body) : body };
}

/** What comes of an answer that goes on, until it ends or nobody wants more. */
async function* chunksOf<T>(running: Running, of: number, signal: AbortSignal | undefined): AsyncGenerator<T, void> {
  try {
    for (;;) {
      const chunks = (await running.ask({ type: 'more', of }, signal)) as readonly T[] | null | undefined;
      if (chunks === null || chunks === undefined) return;
      yield* chunks;
    }
  } finally {
    running.drop(of);
  }
}

function sessionOf(running: Running, of: number, signal: AbortSignal | undefined): Session {
  async function* frames(): Session['frames'] extends AsyncIterable<infer Frame> ? AsyncGenerator<Frame, void> : never {
    for await (const { channel, data } of chunksOf<{ readonly channel: number; readonly data: string }>(running, of, signal))
      yield { channel, data: Buffer.from(data, 'base64') };
  }
  const send = (channel: number, data: Uint8Array | undefined): void =>
    void running.ask({ type: 'send', of, channel, ...(data === undefined ? {} : { data: Buffer.from(data).toString('base64') }) });
  return { frames: frames(), send, close: (channel) => send(channel, undefined) };
}

function streamsOf(running: Running, terminal: Errand['terminal']): IOStreams {
  const piece = async (): Promise<Uint8Array | undefined> => {
    const text = (await running.ask({ type: 'input' })) as string | null;
    return text === null ? undefined : bytesOf(text);
  };
  return {
    in: {
      isTTY: terminal.in,
      async read() {
        const pieces: Uint8Array[] = [];
        for (let next = await piece(); next !== undefined; next = await piece()) pieces.push(next);
        return Buffer.concat(pieces);
      },
      async *chunks() {
        for (let next = await piece(); next !== undefined; next = await piece()) yield next;
      },
    },
    out: (data) => running.say('1', typeof data === 'string' ? data : textOf(data)),
    err: (text) => running.say('2', text),
    outIsTTY: terminal.out,
    columns: terminal.out ? 80 : undefined,
  };
}

function filesOf(running: Running, cwd: string): Files {
  const at = (path: string): string => normalize(cwd, path);
  const simple =
    <T>(type: 'kind' | 'read' | 'list' | 'remove' | 'makeDirectory' | 'linkTarget') =>
    (path: string): Promise<T> =>
      running.ask({ type, path: at(path) }) as Promise<T>;
  const [read, kind, link] = [simple<string>('read'), simple<Awaited<ReturnType<Files['kind']>> | null>('kind'), simple<string | null>('linkTarget')];
  const write = async (path: string, data: string | Uint8Array, mode: number): Promise<void> =>
    void (await running.ask({ type: 'write', path: at(path), data: typeof data === 'string' ? data : textOf(data), mode }));
  const runs = async (argv: readonly string[], captures: boolean): Promise<{ readonly code: number; readonly out: string }> =>
    (await running.ask({ type: 'run', argv, captures })) as { readonly code: number; readonly out: string };
  let temporary = 0;
  return {
    path: at,
    read,
    readBytes: async (path) => bytesOf(await read(path)),
    write: (path, data, mode = 0o600) => write(path, data, mode),
    overwrite: (path, data) => write(path, data, 0o666),
    linkTarget: async (path) => (await link(path)) ?? undefined,
    kind: async (path) => (await kind(path)) ?? undefined,
    list: simple<readonly string[]>('list'),
    makeDirectory: async (path) => void (await simple('makeDirectory')(path)),
    async makeTemporaryDirectory(prefix) {
      const path = `/tmp/${prefix}${String(running.time % 1e9).padStart(9, '0')}${++temporary}`;
      await simple('makeDirectory')(path);
      return path;
    },
    remove: async (path) => void (await simple('remove')(path)),
    run: async (argv) => (await runs(argv, false)).code,
    capture: async (argv) => ({ ...(await runs(argv, true)), err: '' }),
  };
}

async function fetched(url: string, running: Running): ReturnType<NonNullable<Surroundings['fetch']>> {
  const address = new URL(url);
  const ask: Ask = { type: 'http', method: 'GET', ...whereabouts(address), path: address.pathname + address.search, headers: {}, body: '' };
  const { status, body } = (await running.ask(ask)) as ErrandResponse;
  return { ok: status >= 200 && status < 300, status, statusText: reasonOf(status), text: async () => body };
}

/** `podsim image`: what images there are and what they do; images of one's own; pulls that fail. */
import Table from 'cli-table3';
import type { Command } from 'commander';
import { quantity, quantityValue } from '../api/quantity.js';
import { type Duration, formatDuration, parseDuration } from '../api/time.js';
import type { Cluster } from '../cluster/cluster.js';
import { createFixtures } from '../cluster/fixtures.js';
import { catalogueKey, imageFaultKey } from '../cluster/nodes.js';
import { hostFiles } from '../kubectl/files.js';
import { type ImageData, parseReference } from '../runtime/index.js';
import { type PodsimContext, PodsimError } from './context.js';
import { PLAIN_TABLE } from './table.js';

interface AddOptions {
  readonly listen?: string;
  readonly exitCode?: string;
  readonly after?: string;
  readonly log: readonly string[];
  readonly size: string;
  readonly needsEnv: readonly string[];
  readonly pullTime?: string;
  readonly stopTime?: string;
  readonly ignoresSigterm?: boolean;
  readonly http: readonly string[];
  readonly filename?: string;
}

const FAILURES = ['not-found', 'auth', 'timeout'] as const;
const CATALOGUE = catalogueKey('');
const collect = (value: string, all: readonly string[]): readonly string[] => [...all, value];

export function define(command: Command, context: PodsimContext): void {
  const { streams } = context;
  command
    .command('list')
    .description('List the images the nodes have, and the images added to the catalogue')
    .action(async () => {
      const turn = await context.open();
      const table = new Table({ ...PLAIN_TABLE, head: ['NODE', 'IMAGE', 'SIZE'] });
      const added = await turn.write((cluster) => {
        for (const node of nodesOf(cluster))
          for (const image of cluster.node(node).runtime.listImages())
            table.push([node, image.repoTags[0] ?? image.repoDigest, `${(image.size / 1e6).toFixed(1)}MB`]);
        return cluster.state.keys(CATALOGUE).map((key) => key.slice(CATALOGUE.length));
      });
      streams.out(table.length === 0 ? '' : `${table.toString().replace(/ +$/gm, '')}\n`);
      if (added.length > 0) streams.out(`\nAdded to the catalogue: ${added.join(', ')}\n`);
    });
  command
    .command('show <image>')
    .description('Say what is known of an image and what it does when it runs')
    .action(async (image: string) => {
      const { familiar } = referenceOf(image);
      const turn = await context.open();
      const own = await turn.read((cluster) => cluster.state.get<ImageData>(catalogueKey(familiar)));
      const data = own ?? (createFixtures().image(familiar) as ImageData | undefined);
      if (data === undefined) {
        if (!familiar.includes('/')) throw new PodsimError(`image ${JSON.stringify(familiar)} is no known official image: pulling it fails`);
        streams.out(`${familiar} is not in the catalogue: it exists in every tag, and runs until it is stopped.\n`);
        return;
      }
      const { emitYaml } = await import('../text/yaml-emitter.js');
      streams.out(emitYaml(data));
    });
  command
    .command('add <image>')
    .description('Add an image to the catalogue of this cluster')
    .option('--listen <port>', 'it listens on this port until it is stopped')
    .option('--exit-code <n>', 'it ends by itself with this code')
    .option('--after <duration>', 'when it ends, or (with --listen) when it begins to listen')
    .option('--log <text>', 'a line it logs when it starts (may be repeated)', collect, [])
    .option('--size <quantity>', 'its size', '50Mi')
    .option('--pull-time <duration>', 'how long a node takes to pull it')
    .option('--needs-env <name>', 'it ends with an error unless this variable is set (may be repeated)', collect, [])
    .option('--stop-time <duration>', 'how long it takes to end after SIGTERM')
    .option('--ignores-sigterm', 'SIGTERM does not end it')
    .option('--http <path=status>', 'what it answers on a path (may be repeated)', collect, [])
    .option('-f, --filename <file>', 'all of this, and more, as the catalogue has it (YAML)')
    .action(async (image: string, options: AddOptions) => {
      const { familiar } = referenceOf(image);
      const data = options.filename === undefined ? imageFrom(familiar, options) : await readImage(context, familiar, options.filename);
      const turn = await context.open();
      await turn.write((cluster) => cluster.state.set(catalogueKey(familiar), data));
      streams.out(`image ${familiar} added\n`);
    });
  command
    .command('remove <image>')
    .description('Take away an image added here, and what pulls of it were told to do')
    .action(async (image: string) => {
      const { familiar } = referenceOf(image);
      const turn = await context.open();
      const isKnown = await turn.write((cluster) => {
        const keys = [catalogueKey(familiar), imageFaultKey(familiar)].filter((key) => cluster.state.get(key) !== undefined);
        for (const key of keys) cluster.state.delete(key);
        return keys.length > 0;
      });
      if (!isKnown) throw new PodsimError(`image ${JSON.stringify(familiar)} was not added here`);
      streams.out(`image ${familiar} removed\n`);
    });
  command
    .command('pull <image>')
    .description('Put an image on a node, or on all of them, as if it had been pulled before')
    .option('--node <name>', 'only this node')
    .action(async (image: string, options: { node?: string }) => {
      referenceOf(image);
      const turn = await context.open();
      await turn.write((cluster) => {
        const nodes = nodesOf(cluster).filter((node) => options.node === undefined || node === options.node);
        if (nodes.length === 0) throw new PodsimError(`nodes ${JSON.stringify(options.node)} not found`);
        for (const node of nodes) {
          const result = cluster.node(node).runtime.pull(image, false);
          if ('error' in result) throw new PodsimError(`failed to pull image ${JSON.stringify(image)}: ${result.error}`);
          cluster.node(node).runtime.store(result.image);
        }
      });
      streams.out(`image ${image} pulled${options.node === undefined ? '' : ` on ${options.node}`}\n`);
    });
  command
    .command('fail <image>')
    .description('Let pulls of an image fail')
    .option('--reason <reason>', FAILURES.join(', '), 'not-found')
    .action(async (image: string, options: { reason: string }) => {
      const { familiar } = referenceOf(image);
      if (!FAILURES.some((reason) => reason === options.reason))
        throw new PodsimError(`invalid argument ${JSON.stringify(options.reason)} for "--reason": must be one of ${FAILURES.join(', ')}`);
      const turn = await context.open();
      await turn.write((cluster) => cluster.state.set(imageFaultKey(familiar), options.reason));
      streams.out(`pulls of ${familiar} fail: ${options.reason}\n`);
    });
}

const nodesOf = (cluster: Cluster): readonly string[] => cluster.store.list('nodes').map((node) => node.metadata.name as string);

function referenceOf(image: string): { readonly familiar: string } {
  const reference = parseReference(image);
  if ('error' in reference) throw new PodsimError(`couldn't parse image name ${JSON.stringify(image)}: ${reference.error}`);
  return reference;
}

function whole(flag: string, text: string, most: number): number {
  if (!/^\d+$/.test(text) || Number(text) > most)
    throw new PodsimError(`invalid argument ${JSON.stringify(text)} for "--${flag}": expected a whole number up to ${most}`);
  return Number(text);
}

function span(flag: string, text: string): string {
  const value: Duration | undefined = parseDuration(text);
  if (value === undefined || value < 0)
    throw new PodsimError(`invalid argument ${JSON.stringify(text)} for "--${flag}": time: invalid duration ${JSON.stringify(text)}`);
  return formatDuration(value);
}

/** The flags as a catalogue entry: a server with --listen, a job with --exit-code, else something that runs until it is stopped. */
function imageFrom(repository: string, options: AddOptions): ImageData {
  if (options.listen !== undefined && options.exitCode !== undefined) throw new PodsimError('--listen and --exit-code cannot be specified together');
  const http = options.http.map((one) => {
    const [, path, status] = /^(\/[^=]*)=([1-5]\d\d)$/.exec(one) ?? [];
    if (path === undefined) throw new PodsimError(`invalid argument ${JSON.stringify(one)} for "--http": expected /path=status`);
    return { path, status: Number(status), body: '' };
  });
  const port = options.listen === undefined ? undefined : whole('listen', options.listen, 65_535);
  const after = options.after === undefined ? undefined : span('after', options.after);
  const size = quantityValue(quantity(options.size));
  if (size <= 0) throw new PodsimError(`invalid argument ${JSON.stringify(options.size)} for "--size": expected a quantity`);
  return {
    repository,
    sizes: { '*': size },
    ...(options.pullTime === undefined ? {} : { pull: span('pull-time', options.pullTime) }),
    entrypoint: ['/entrypoint'],
    ...(port === undefined ? {} : { ports: [port] }),
    os: 'debian',
    run: {
      log: options.log,
      ...(port === undefined ? {} : { listen: [port], ready: after ?? '100ms' }),
      ...(options.exitCode === undefined ? {} : { exit: { code: whole('exit-code', options.exitCode, 255), after: after ?? '100ms' } }),
      ...(options.needsEnv.length === 0 ? {} : { requires: options.needsEnv.map((name) => ({ env: [name], log: [`error: ${name} is not set`], code: 1 })) }),
      stop:
        options.ignoresSigterm === true
          ? { ignores: true }
          : { after: options.stopTime === undefined ? '100ms' : span('stop-time', options.stopTime), code: 0 },
      ...(http.length === 0 ? {} : { http }),
    },
  };
}

async function readImage(context: PodsimContext, repository: string, filename: string): Promise<ImageData> {
  const files = hostFiles(context.cwd);
  if ((await files.kind(filename)) === undefined) throw new PodsimError(`the path ${JSON.stringify(filename)} does not exist`);
  const { parseYaml } = await import('../text/yaml.js');
  const parsed = parseYaml(await files.read(filename));
  if ('error' in parsed) throw new PodsimError(`error parsing ${filename}: ${parsed.error}`);
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new PodsimError(`${filename} is no catalogue entry: see fixtures/images`);
  return { sizes: { '*': 50 * 1024 * 1024 }, ...value, repository } as ImageData;
}

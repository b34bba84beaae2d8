/** `podsim cluster`: create, choose, inspect, save, restore and export simulated clusters. */
import Table from 'cli-table3';
import type { Command } from 'commander';
import { formatTime } from '../api/time.js';
import { openCluster } from '../cluster/open.js';
import type { Turn } from '../cluster/turn.js';
import { ExitError } from '../kubectl/command.js';
import { hostFiles } from '../kubectl/files.js';
import { loadKubeconfig, saveKubeconfig } from '../kubectl/kubeconfig.js';
import type { Entries } from '../store/backend/backend.js';
import { FileBackend } from '../store/backend/file.js';
import { Texts } from '../store/backend/texts.js';
import { clockWord } from './clock.js';
import { clusterFile, snapshotDirectory, useContext } from './cluster-files.js';
import { type PodsimContext, PodsimError } from './context.js';
import { type CreationFlags, createOptions, creationOptions } from './creation.js';
import { errandRunner } from './errands.js';
import { PLAIN_TABLE } from './table.js';

interface CreateFlags extends CreationFlags {
  readonly force?: boolean;
}

export function define(command: Command, context: PodsimContext): void {
  const { streams } = context;
  creationOptions(command.command('create [name]').description('Create a cluster and make it the current one'))
    .option('--force', 'replace a cluster of that name')
    .action((name: string | undefined, options: CreateFlags) => create(context, name, options));
  command
    .command('list')
    .description('List the clusters')
    .action(async () => {
      const names = await clusterNames(context);
      const current = await context.current();
      if (names.length === 0) {
        streams.err('No clusters found.\n');
        return;
      }
      const { Chalk } = await import('chalk');
      const colour = new Chalk({ level: streams.outIsTTY ? 1 : 0 });
      const table = new Table({ ...PLAIN_TABLE, head: ['CURRENT', 'NAME', 'NODES', 'CLOCK', 'TIME'] });
      for (const name of names) {
        const turn = openFile(context, clusterFile(context, name));
        table.push(
          await turn.read((cluster) => [
            name === current ? colour.green('*') : '',
            name,
            cluster.store.count('nodes'),
            clockWord(cluster),
            formatTime(cluster.now),
          ]),
        );
      }
      streams.out(`${table.toString().replace(/ +$/gm, '')}\n`);
    });
  command
    .command('use <name>')
    .description('Make a cluster the current one')
    .action(async (name: string) => {
      if (!(await clusterNames(context)).includes(name)) throw new PodsimError(`no cluster exists with the name: "${name}"`);
      await useContext(context, name);
      streams.out(`Switched to context "${name}".\n`);
    });
  command
    .command('info [name]')
    .description('Say what a cluster is made of')
    .action(async (name: string | undefined) => {
      const turn = name === undefined ? await context.open() : await openNamed(context, name);
      const current = await context.current();
      const text = await turn.read((cluster) => {
        const { profile } = cluster;
        const rows: readonly (readonly [string, string])[] = [
          ['Name', name ?? context.state ?? current],
          ['Kubernetes', profile.kubernetes],
          ['Nodes', String(cluster.store.count('nodes'))],
          ['Pods', String(cluster.store.count('pods'))],
          ['Network', profile.cni === 'calico' ? 'calico (NetworkPolicy is enforced)' : 'flannel (NetworkPolicy is stored and has no effect)'],
          ['Pod CIDR', profile.podCIDR],
          ['Service CIDR', profile.serviceCIDR],
          ['Clock', `${formatTime(cluster.now)}  ${clockWord(cluster)}`],
          ...(profile.isFrozen ? ([['Frozen', 'yes: no component acts']] as const) : []),
        ];
        return rows.map(([title, value]) => `${`${title}:`.padEnd(14)}${value}\n`).join('');
      });
      streams.out(text);
    });
  command
    .command('delete <name>')
    .description('Delete a cluster, its snapshots and its context')
    .action(async (name: string) => {
      const files = hostFiles(context.cwd);
      if ((await files.kind(clusterFile(context, name))) === undefined) throw new PodsimError(`no cluster exists with the name: "${name}"`);
      await files.remove(clusterFile(context, name));
      await files.remove(snapshotDirectory(context, name));
      const path = `${context.home}/config`;
      const config = await loadKubeconfig(files, path);
      await saveKubeconfig(files, path, {
        ...config,
        clusters: config.clusters.filter((one) => one.name !== name),
        contexts: config.contexts.filter((one) => one.name !== name),
        users: config.users.filter((one) => one.name !== name),
        'current-context': config['current-context'] === name ? '' : config['current-context'],
      });
      streams.out(`Deleted cluster "${name}".\n`);
    });
  command
    .command('reset [name]')
    .description('Start a cluster anew: same nodes, seed and clock, nothing in it')
    .action(async (name: string | undefined) => {
      const turn = name === undefined ? await context.open() : await openNamed(context, name);
      const old = await turn.read((cluster) => ({ profile: cluster.profile, rate: cluster.clock.rate, time: cluster.now, seed: cluster.seed }));
      const [node] = old.profile.nodes;
      const { createdEntries } = await import('../cluster/create.js');
      await turn.replace(async (machine) =>
        createdEntries(
          {
            nodes: old.profile.nodes.length,
            ...(node === undefined ? {} : { cpu: node.cpu, memory: node.memory, maxPods: node.maxPods }),
            cni: old.profile.cni,
            seed: old.seed,
            rate: old.rate,
            time: old.time,
          },
          machine,
        ),
      );
      streams.out(`Cluster ${name === undefined ? '' : `"${name}" `}reset.\n`);
    });
  command
    .command('save <snapshot>')
    .description('Keep the cluster as it is now under a name')
    .action(async (snapshot: string) => {
      const turn = await context.open();
      const file = await snapshotFile(context, snapshot);
      const entries = await turn.entries();
      await openFile(context, file).replace(async () => entries);
      streams.out(`Snapshot "${snapshot}" saved.\n`);
    });
  command
    .command('restore <snapshot>')
    .description('Go back to a snapshot')
    .action(async (snapshot: string) => {
      const file = await existingSnapshot(context, snapshot);
      const turn = await context.open();
      await turn.replace(async () => entriesOf(file));
      streams.out(`Snapshot "${snapshot}" restored: ${await turn.read((cluster) => formatTime(cluster.now))}.\n`);
    });
  command
    .command('snapshots')
    .description('List the snapshots of the cluster')
    .action(async () => {
      const files = hostFiles(context.cwd);
      const directory = snapshotDirectory(context, context.state === undefined ? await context.current() : undefined);
      const names = (await files.kind(directory)) === undefined ? [] : (await files.list(directory)).filter((name) => name.endsWith('.json'));
      if (names.length === 0) {
        streams.err('No snapshots found.\n');
        return;
      }
      streams.out(names.map((name) => `${name.slice(0, -'.json'.length)}\n`).join(''));
    });
  command
    .command('diff <snapshot> [other]')
    .description('Show what differs between a snapshot and the cluster (or another snapshot), events aside. Exit 1: something does')
    .action(async (snapshot: string, other: string | undefined) => {
      const named = async (name: string) => ({ name, entries: await entriesOf(await existingSnapshot(context, name)) });
      const before = await named(snapshot);
      const after = other === undefined ? { name: 'now', entries: await (await context.open()).entries() } : await named(other);
      const { diffClusters } = await import('./snapshot-diff.js');
      const text = diffClusters(before, after);
      streams.out(text);
      if (text !== '') throw new ExitError(1);
    });
  command
    .command('export')
    .description('Print every object of the cluster as one List')
    .option('-o, --output <format>', 'yaml or json', 'yaml')
    .action(async (options: { output: string }) => {
      if (options.output !== 'yaml' && options.output !== 'json') throw new PodsimError("--output must be 'yaml' or 'json'");
      const turn = await context.open();
      const { exportObjects } = await import('./export.js');
      streams.out(await exportObjects(turn, options.output));
    });
}

async function create(context: PodsimContext, given: string | undefined, options: CreateFlags): Promise<void> {
  const { streams } = context;
  const files = hostFiles(context.cwd);
  const name = given ?? 'default';
  if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name))
    throw new PodsimError(`invalid cluster name ${JSON.stringify(name)}: lower case letters, digits, '-' and '.'`);
  const file = context.state ?? clusterFile(context, name);
  const exists = (await files.kind(file)) !== undefined;
  if (exists && options.force !== true)
    throw new PodsimError(
      context.state === undefined ? `cluster "${name}" already exists; use --force to replace it` : `${file} already exists; use --force to replace it`,
    );
  const asked = await createOptions(context, options);
  const { createdEntries } = await import('../cluster/create.js');
  const turn = openFile(context, file);
  await turn.replace(async (machine) => createdEntries(asked, machine));
  const made = await turn.read((cluster) => ({ nodes: cluster.store.count('nodes'), version: cluster.profile.kubernetes, now: cluster.now }));
  if (context.state === undefined) await useContext(context, name);
  streams.out(
    `Cluster ${context.state === undefined ? `"${name}"` : file} created: ${made.nodes} ${made.nodes === 1 ? 'node' : 'nodes'}, Kubernetes ${made.version}, clock ${options.clock} at ${formatTime(made.now)}.\n`,
  );
}

const openFile = (context: PodsimContext, file: string): Turn => openCluster({ errands: errandRunner(), backend: context.backend(file) });

async function clusterNames(context: PodsimContext): Promise<readonly string[]> {
  const files = hostFiles(context.cwd);
  const directory = `${context.home}/clusters`;
  if ((await files.kind(directory)) === undefined) return [];
  return (await files.list(directory)).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
}

async function openNamed(context: PodsimContext, name: string): Promise<Turn> {
  if (!(await clusterNames(context)).includes(name)) throw new PodsimError(`no cluster exists with the name: "${name}"`);
  return openFile(context, clusterFile(context, name));
}

async function existingSnapshot(context: PodsimContext, snapshot: string): Promise<string> {
  const file = await snapshotFile(context, snapshot);
  if ((await hostFiles(context.cwd).kind(file)) === undefined) throw new PodsimError(`no snapshot exists with the name: "${snapshot}"`);
  return file;
}

const entriesOf = async (file: string): Promise<Entries> => (await new FileBackend(file).load())?.entries ?? new Texts(new Map());

async function snapshotFile(context: PodsimContext, snapshot: string): Promise<string> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(snapshot))
    throw new PodsimError(`invalid snapshot name ${JSON.stringify(snapshot)}: letters, digits, '.', '_' and '-'`);
  return `${snapshotDirectory(context, context.state === undefined ? await context.current() : undefined)}/${snapshot}.json`;
}

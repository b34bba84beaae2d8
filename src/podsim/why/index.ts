/** `podsim why`: what the STATUS of an object means, what shows its cause, and what to do. */
import type { Command } from 'commander';
import { StatusError } from '../../api/errors.js';
import type { KubeObject } from '../../api/object.js';
import type { Factory } from '../../kubectl/command.js';
import { views } from '../../resources/views.js';
import { type PodsimContext, PodsimError } from '../context.js';
import { type Language, languageGiven, languageOf } from '../language.js';
import { type Diagnosis, toJson } from './diagnosis.js';
import { EVERYTHING, type Explained, explained } from './kinds.js';
import { toText } from './text.js';
import { pathOf, readWorld, type WorldOptions } from './world.js';

interface WhyFlags {
  readonly namespace?: string;
  readonly lang?: string;
  readonly output?: string;
  readonly context?: string;
  readonly kubeconfig?: string;
}

interface Asked {
  readonly kind: Explained;
  readonly name: string;
}

const HELP = `
Explains ${explained.map(({ resource }) => resource).join(', ')}.
It only reads, and says nothing that the cluster does not show.

Examples:
  podsim why                        all that is not well here, a line each
  podsim why web                    a pod
  podsim why deploy/web -n shop     a deployment, down to the pods that hold it up
  podsim why pvc/data --lang ko     in Korean (the default where LC_ALL, LC_MESSAGES or LANG begins with ko)
  podsim why web -o json            for scripts: status, healthy, causes[].id, .evidence, .fix, .proof`;

export function define(command: Command, context: PodsimContext): void {
  command
    .usage('[[TYPE/]NAME] [options]')
    .argument('[object...]', 'TYPE/NAME or TYPE NAME, a pod if no type is given; nothing: all that is not well in the namespace')
    .option('-n, --namespace <name>', "the object's namespace; the context's if not given")
    .option('--lang <language>', 'en or ko')
    .option('-o, --output <format>', 'json')
    .option('--context <name>', 'the context of the kubeconfig to use')
    .option('--kubeconfig <file>', 'the kubeconfig to use')
    .addHelpText('after', HELP)
    .action((words: readonly string[], flags: WhyFlags) => why(context, words, flags));
}

async function why(context: PodsimContext, words: readonly string[], flags: WhyFlags): Promise<void> {
  const asked = words.length === 0 ? undefined : askedFor(words);
  const language = languageGiven(flags.lang) ?? languageOf(context.env);
  const output = flags.output?.replace(/^=/, '');
  if (output !== undefined && output !== 'json')
    throw new PodsimError(`unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: json`);
  const factory = await context.factory(globalFlagsOf(flags));
  const given = await worldOptions(factory, flags, context);
  if (asked === undefined) return context.streams.out(await surveyed(factory, given, language, output === 'json'));
  const diagnosis = await explain(factory, asked, language, given);
  if (output === 'json') return context.streams.out(toJson(diagnosis, language));
  const { Chalk } = await import('chalk');
  const isColoured = context.streams.outIsTTY && (context.env['NO_COLOR'] ?? '') === '';
  const columns = context.streams.outIsTTY ? context.streams.columns : undefined;
  context.streams.out(toText(diagnosis, { colour: new Chalk({ level: isColoured ? 1 : 0 }), columns, language }));
}

const globalFlagsOf = ({ namespace, context, kubeconfig }: WhyFlags): readonly string[] =>
  Object.entries({ namespace, context, kubeconfig }).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value.replace(/^=/, '')}`]));

/** `web`, `deploy/web`, `deploy web`. */
function askedFor(words: readonly string[]): Asked {
  const [first = '', second, ...rest] = words;
  const slash = first.indexOf('/');
  if (rest.length > 0 || (second !== undefined && slash >= 0)) throw new PodsimError('one object at a time: podsim why TYPE/NAME');
  const [type, name] = slash >= 0 ? [first.slice(0, slash), first.slice(slash + 1)] : second === undefined ? ['pod', first] : [first, second];
  if (name === '' || name.includes('/')) throw new PodsimError('there is no name to look for: podsim why TYPE/NAME');
  const word = type.toLowerCase();
  const view = views.find(({ names }) => [names.plural, names.singular, `${names.plural}.${names.group}`, ...names.shortNames].includes(word));
  if (view === undefined) throw new PodsimError(`the server doesn't have a resource type ${JSON.stringify(type)}`);
  const kind = explained.find((one) => one.resource === view.names.plural);
  if (kind === undefined)
    throw new PodsimError(`podsim why does not explain ${view.names.plural}; it explains ${explained.map((one) => one.resource).join(', ')}`);
  return { kind, name };
}

async function explain(factory: Factory, { kind, name }: Asked, language: Language, given: WorldOptions): Promise<Diagnosis> {
  const object = await read(factory, kind, name, given.current);
  const namespace = pathOf(kind.resource).namespaced ? factory.namespace : '';
  const world = await readWorld(factory.client, [...new Set([...EVERYTHING, ...(kind.reads ?? [])])], namespace, given, (known) => kind.logsOf(known, object));
  return kind.diagnose(world, object, language);
}

/** Loaded only when everything is asked for. */
async function surveyed(factory: Factory, given: WorldOptions, language: Language, isJson: boolean): Promise<string> {
  const { survey } = await import('./survey.js');
  return survey(factory, given, language, isJson);
}

async function worldOptions(factory: Factory, flags: WhyFlags, context: PodsimContext): Promise<WorldOptions> {
  return {
    now: () => factory.now(),
    // What the commands that are shown need not say.
    current: (await contextNamespace(factory, flags)) || 'default',
    flags: [
      context.state === undefined || context.env['PODSIM_STATE'] === context.state ? '' : ` --state ${context.state}`,
      flags.context === undefined ? '' : ` --context ${flags.context}`,
      flags.kubeconfig === undefined ? '' : ` --kubeconfig ${flags.kubeconfig}`,
    ].join(''),
  };
}

async function contextNamespace(factory: Factory, { context }: WhyFlags): Promise<string | undefined> {
  const { config } = await factory.kubeconfig();
  return config.contexts.find((one) => one.name === (context ?? config['current-context']))?.context.namespace;
}

async function read(factory: Factory, { resource }: Explained, name: string, current: string): Promise<KubeObject> {
  const path = pathOf(resource);
  try {
    return await factory.client.get({ resource: path, name, ...(path.namespaced ? { namespace: factory.namespace } : {}) });
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 404) throw error;
    throw new PodsimError(
      `${error.status.message ?? error.message}${path.namespaced ? ` in namespace ${JSON.stringify(factory.namespace)}` : ''}${await elsewhere(factory, resource, name, current)}`,
    );
  }
}

/** Where something of that name is: in another namespace, or of another kind. */
async function elsewhere(factory: Factory, resource: string, name: string, current: string): Promise<string> {
  for (const one of [resource, ...explained.map((other) => other.resource).filter((other) => other !== resource)]) {
    const path = pathOf(one);
    const items = await factory.client.list({ resource: path }, { query: { fieldSelector: `metadata.name=${name}` } }).then(
      (list) => list.items,
      () => [],
    );
    const found = items.find((item) => (item.metadata.namespace ?? '') === factory.namespace) ?? items[0];
    if (found === undefined) continue;
    const type = one === 'pods' ? '' : `${views.find((view) => view.names.plural === one)?.names.singular}/`;
    const place = found.metadata.namespace === undefined || found.metadata.namespace === current ? '' : ` -n ${found.metadata.namespace}`;
    return `; did you mean podsim why ${type}${name}${place}?`;
  }
  return '';
}

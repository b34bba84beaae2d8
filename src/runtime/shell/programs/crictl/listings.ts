/** Lists of what there is: ps, pods, images. */
import type { ContainerView, NodeView, SandboxView } from '../../../node-view.js';
import type { ProgramContext } from '../../program.js';
import { tabulated } from '../columns.js';
import type { Options } from '../options.js';
import { json, listed, sandboxStatus } from './json.js';
import { allContainers, type Placed } from './node.js';
import { humanDuration, humanSize, short, word } from './units.js';

const ago = (context: ProgramContext, at: number): string => `${humanDuration(context.now - at)} ago`;

/** What `-n` and `-l` (the newest alone) leave. */
const cut = <T>(list: readonly T[], options: Options): readonly T[] =>
  options.has('l') ? list.slice(0, 1) : options.has('n') ? list.slice(0, Number(options.value('n'))) : list;

/** Not asked for, everything fits. */
const isLike = (pattern: string | undefined, text: string): boolean => pattern === undefined || new RegExp(pattern).test(text);
const beginsWith = (start: string | undefined, id: string): boolean => start === undefined || id.startsWith(start);

interface Listing {
  readonly ids: readonly string[];
  readonly document: unknown;
  /** With the titles. */
  readonly table: readonly (readonly string[])[];
}

/** In the form that was asked for. */
function print(context: ProgramContext, options: Options, { ids, document, table }: Listing): number {
  if (options.has('q')) context.out(ids.map((id) => `${id}\n`).join(''));
  else context.out(options.value('o') === 'json' ? `${json(document)}\n` : tabulated(20, table));
  return 0;
}

const idIn = (options: Options) => (id: string) => (options.has('no-trunc') ? id : short(id));

export function ps(context: ProgramContext, node: NodeView, options: Options): number {
  const shown = cut(
    allContainers(node).filter(({ container, sandbox }) => isAskedFor(container, sandbox, options)),
    options,
  );
  const shownId = idIn(options);
  const row = ({ container, sandbox }: Placed) => [
    shownId(container.id),
    shownId(container.imageId),
    ago(context, container.createdAt),
    word(container.state),
    container.name,
    String(container.attempt),
    shownId(sandbox.id),
    sandbox.name,
    sandbox.namespace,
  ];
  return print(context, options, {
    ids: shown.map(({ container }) => container.id),
    document: { containers: shown.map(({ container, sandbox }) => listed(container, sandbox)) },
    table: [['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD', 'NAMESPACE'], ...shown.map(row)],
  });
}

/** Unless something else is said, what runs. */
function isAskedFor(container: ContainerView, sandbox: SandboxView, options: Options): boolean {
  const state = options.value('s')?.toLowerCase() ?? (options.has('a') || options.has('l') || options.has('n') ? undefined : 'running');
  return (
    (state === undefined || container.state === state) &&
    isLike(options.value('name'), container.name) &&
    beginsWith(options.value('p'), sandbox.id) &&
    beginsWith(options.value('id'), container.id) &&
    isLike(options.value('namespace'), sandbox.namespace) &&
    isLike(options.value('pod-name'), sandbox.name) &&
    container.image.includes(options.value('image') ?? '')
  );
}

export function pods(context: ProgramContext, node: NodeView, options: Options): number {
  const state = options.value('s')?.toLowerCase();
  const isWanted = (sandbox: SandboxView) =>
    (state === undefined || (state === 'ready') === sandbox.isReady) &&
    isLike(options.value('name'), sandbox.name) &&
    isLike(options.value('namespace'), sandbox.namespace) &&
    beginsWith(options.value('id'), sandbox.id);
  const shown = cut(node.sandboxes().filter(isWanted), options);
  const shownId = idIn(options);
  const row = (sandbox: SandboxView) => [
    shownId(sandbox.id),
    ago(context, sandbox.createdAt),
    sandbox.isReady ? 'Ready' : 'NotReady',
    sandbox.name,
    sandbox.namespace,
    String(sandbox.attempt),
    '(default)',
  ];
  return print(context, options, {
    ids: shown.map(({ id }) => id),
    document: { items: shown.map(sandboxStatus) },
    table: [['POD ID', 'CREATED', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT', 'RUNTIME'], ...shown.map(row)],
  });
}

export function images(context: ProgramContext, node: NodeView, options: Options): number {
  const [asked] = options.operands;
  const shown = node
    .images()
    .filter(({ repoTags, repoDigest }) => asked === undefined || [...repoTags, repoDigest].some((name) => name.includes(asked)))
    .map((image) => ({ image, name: image.repoDigest.replace(/@.*$/, '') }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const hasDigests = options.has('digests');
  const shownId = idIn(options);
  const rows = ({ image, name }: (typeof shown)[number]) =>
    (image.repoTags.length === 0 ? [`${name}:<none>`] : image.repoTags).map((tag) => [
      tag.slice(0, tag.lastIndexOf(':')),
      tag.slice(tag.lastIndexOf(':') + 1),
      ...(hasDigests ? [short(image.repoDigest.replace(/^.*@/, ''))] : []),
      shownId(image.id),
      humanSize(image.size),
    ]);
  const item = ({ image: { id, repoTags, repoDigest, size } }: (typeof shown)[number]) => ({
    id,
    repoTags,
    repoDigests: [repoDigest],
    size: String(size),
    username: '',
    pinned: false,
  });
  return print(context, options, {
    ids: shown.map(({ image }) => image.id),
    document: { images: shown.map(item) },
    table: [['IMAGE', 'TAG', ...(hasDigests ? ['DIGEST'] : []), 'IMAGE ID', 'SIZE'], ...shown.flatMap(rows)],
  });
}

/** What a ResourceQuota refuses. */
import { addQuantities, compareQuantities, quantity } from '../../../api/quantity.js';
import type { Event } from '../../../resources/events/types.js';
import type { ResourceQuota } from '../../../resources/resourcequotas/types.js';
import { eventLine, objectLine, specLine } from '../evidence.js';
import type { Evidence, Facts, Rule, Values } from '../rule.js';
import { lastSeen, type World } from '../world.js';

export interface QuotaCase {
  readonly world: World;
  readonly quota: ResourceQuota;
  readonly name: string;
  /** `pods 3 of 3`. */
  readonly lines: readonly { readonly resource: string; readonly used: string; readonly hard: string; readonly isFull: boolean }[];
}

export function quotaCase(world: World, quota: ResourceQuota): QuotaCase {
  const { hard = {}, used = {} } = quota.status ?? {};
  const lines = Object.entries(hard).map(([resource, limit]) => {
    const have = used[resource] ?? '0';
    return { resource, used: have, hard: limit, isFull: compareQuantities(quantity(have), quantity(limit)) >= 0 };
  });
  return { world, quota, name: quota.metadata.name ?? '', lines };
}

export const quotaValues = ({ name, lines }: QuotaCase): Values => {
  const full = lines.filter(({ isFull }) => isFull);
  return { quota: name, full: full.length === 0 ? undefined : full.map(({ resource, hard }) => `${resource} (${hard})`).join(', ') };
};

const numbers = ({ lines }: QuotaCase): readonly Evidence[] => lines.map(({ resource, used, hard }) => objectLine(`${resource}: ${used} of ${hard} used`));
const scopes = ({ quota: { spec } }: QuotaCase): Evidence | undefined => specLine('scopes', spec.scopes);

/** Controllers try again after a quarter of an hour at the latest. */
const LATELY = 20 * 60_000;

/** Would `pods=1,requests.cpu=500m` be too much now? */
function isTooMuch({ lines }: QuotaCase, asked: string): boolean {
  return asked.split(',').some((part) => {
    const [resource, amount] = part.split('=');
    const line = lines.find((one) => one.resource === resource);
    return line !== undefined && compareQuantities(addQuantities(quantity(line.used), quantity(amount)), quantity(line.hard)) > 0;
  });
}

/** The newest Event of its namespace in which somebody was lately refused for it. */
function refusal(q: QuotaCase, pattern: RegExp, values: (match: RegExpExecArray, event: Event) => Values): Facts | undefined {
  const events = (q.world.list<Event>('events', q.quota.metadata.namespace) ?? []).filter((event) => event.type === 'Warning');
  const found = [...events]
    .sort((a, b) => lastSeen(b) - lastSeen(a))
    .find((event) => pattern.exec(event.message ?? '')?.[1] === q.name && q.world.now - lastSeen(event) <= LATELY);
  const match = found === undefined ? null : pattern.exec(found.message ?? '');
  if (found === undefined || match === null) return undefined;
  const about = `${found.involvedObject.kind?.toLowerCase()}/${found.involvedObject.name}`;
  return { values: { about, ...values(match, found) }, evidence: [...numbers(q), scopes(q), eventLine(found, q.world.now)] };
}

const SEE = ['kubectl describe resourcequota {quota}{n}'];
const EVENTS = 'kubectl get events{n} --field-selector type=Warning';

/** The first one counts. */
export const quotaRules: readonly Rule<QuotaCase>[] = [
  {
    id: 'quota-misses-values',
    when: (q) => refusal(q, /failed quota: ([^:\s]+): must specify ([^\n]+)/, (match) => ({ missing: match[2] })),
    en: {
      cause: ['It counts requests or limits, so that each pod must say its own; what {about} makes is refused, since it lacks {missing}.'],
      todo: ['Set them in the template, or give the namespace a LimitRange with defaults.'],
    },
    ko: {
      cause: ['requests나 limits를 제한하므로 모든 파드가 값을 지정해야 합니다. {about}가 만드는 파드에는 다음이 없어 거부되었습니다: {missing}.'],
      todo: ['템플릿에 값을 넣거나, 네임스페이스에 기본값이 있는 LimitRange를 두세요.'],
    },
    proof: [...SEE, EVENTS],
  },
  {
    id: 'quota-refuses',
    when: (q) => {
      const facts = refusal(q, /exceeded quota: ([^,\s]+), requested: (.+?), used: (.+?), limited: ([^\s]+)/, (m) => ({
        asked: m[2],
        used: m[3],
        limit: m[4],
      }));
      return facts !== undefined && isTooMuch(q, String(facts.values?.['asked'])) ? facts : undefined;
    },
    en: {
      cause: ['What {about} asked for was refused: {asked} more, with {used} used of {limit}.'],
      todo: ['Raise the quota, request less, or delete what is not needed. Controllers try again by themselves.'],
    },
    ko: {
      cause: ['{about}의 요청이 거부되었습니다. 추가 요청량은 {asked}, 사용량은 {used}, 한도는 {limit}입니다.'],
      todo: ['쿼터를 늘리거나, 요청량을 줄이거나, 필요 없는 것을 지우세요. 컨트롤러는 알아서 다시 시도합니다.'],
    },
    fix: ['kubectl edit resourcequota {quota}{n}'],
    proof: [...SEE, EVENTS],
  },
  {
    id: 'quota-full',
    isFine: true,
    when: (q) => (q.lines.some(({ isFull }) => isFull) ? { evidence: [...numbers(q), scopes(q)] } : undefined),
    en: {
      cause: ['It is used up for {full}: nothing was refused of late, but the next one will be.'],
      todo: ['Nothing, unless more is to be made.'],
    },
    ko: {
      cause: ['다음이 한도에 이르렀습니다: {full}. 최근에 거부된 것은 없지만 다음 요청은 거부됩니다.'],
      todo: ['더 만들 것이 없다면 할 일은 없습니다.'],
    },
    proof: SEE,
  },
  {
    id: 'quota-well',
    isFine: true,
    when: (q) => ({ evidence: [...numbers(q), scopes(q)] }),
    en: { cause: ['There is room in all that it counts.'], todo: ['Nothing.'] },
    ko: { cause: ['제한하는 모든 항목에 여유가 있습니다.'], todo: ['할 일은 없습니다.'] },
    proof: SEE,
  },
];

/** From what a scenario's YAML file holds to a {@link Scenario}; what is wrong is told with its path: `checks[2].within: …`. */
import { decodeCheck } from './decode-check.js';
import { Fields, ScenarioError } from './fields.js';
import { DIFFICULTIES, type Scenario, type Step, TOPICS, type Topic } from './scenario.js';
import { wordsOf } from './words-of.js';

/** Throws {@link ScenarioError}. `id` is the file's name without its ending. */
export function decodeScenario(id: string, value: unknown): Scenario {
  const fields = new Fields(value, '');
  const given = fields.string('id');
  if (given !== id) throw new ScenarioError('id', `must be the file's name, ${JSON.stringify(id)}`);
  const cluster = fields.optionalMap('cluster');
  const solution = fields.map('solution');
  const scenario: Scenario = {
    id,
    title: fields.text('title'),
    topic: fields.oneOf('topic', Object.keys(TOPICS) as Topic[]),
    tags: fields.strings('tags'),
    difficulty: fields.oneOf('difficulty', DIFFICULTIES),
    minutes: fields.number('minutes'),
    cluster: {
      nodes: cluster?.optionalNumber('nodes') ?? 1,
      cni: cluster?.optionalOneOf('cni', ['flannel', 'calico'] as const) ?? 'flannel',
      cpu: cluster?.optionalString('cpu') ?? '4',
      memory: cluster?.optionalString('memory') ?? '8Gi',
    },
    setup: fields.list('setup').map((step) => closed(step, decodeStep(step))),
    task: fields.text('task'),
    checks: fields.list('checks').map((check) => closed(check, decodeCheck(check))),
    hints: fields.list('hints').map((hint) => closed(hint, { text: hint.ownText(), cost: hint.optionalNumber('cost') ?? 1 })),
    solution: {
      explanation: solution.text('explanation'),
      steps: solution.list('steps').map((step) => {
        const done = decodeStep(step);
        return closed(step, { step: done, ...(step.has('en') || step.has('ko') ? { note: step.ownText() } : {}) });
      }),
    },
    interview: fields.list('interview').map((one) => closed(one, { question: one.text('question'), answer: one.text('answer') })),
  };
  for (const map of [cluster, solution, fields]) map?.close();
  if (scenario.checks.every((check) => check.isGuard)) throw new ScenarioError('checks', 'at least one must be what the task is about');
  return scenario;
}

function closed<T>(fields: Fields, value: T): T {
  fields.close();
  return value;
}

function decodeStep(fields: Fields): Step {
  const kind = fields.only(['run', 'apply', 'advance', 'files'] as const);
  if (kind === 'apply') return { apply: fields.string('apply') };
  if (kind === 'files') return { files: fields.map('files').allStrings() };
  if (kind === 'advance') return { advance: fields.duration('advance') };
  const run = fields.string('run');
  if (!['kubectl', 'podsim'].includes(wordsOf(run)[0] ?? '')) throw new ScenarioError(fields.at('run'), 'must begin with kubectl or podsim');
  return { run, fails: fields.optionalBoolean('fails') ?? false };
}

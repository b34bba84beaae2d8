/** The scenarios of the package. */
import { createFixtures } from '../../cluster/fixtures.js';
import { PodsimError } from '../context.js';
import { decodeScenario } from './decode.js';
import { ScenarioError } from './fields.js';
import { DIFFICULTIES, type Scenario, TOPICS } from './scenario.js';

/** All of them: by topic as the curriculum has them, the easy ones first. */
export function allScenarios(fixtures = createFixtures()): readonly Scenario[] {
  const topics = Object.keys(TOPICS);
  return fixtures
    .scenarios()
    .map((id) => decoded(id, fixtures.scenario(id)))
    .sort(
      (a, b) =>
        topics.indexOf(a.topic) - topics.indexOf(b.topic) || DIFFICULTIES.indexOf(a.difficulty) - DIFFICULTIES.indexOf(b.difficulty) || (a.id < b.id ? -1 : 1),
    );
}

/** Throws PodsimError when there is none of that name. */
export function scenarioOf(id: string, fixtures = createFixtures()): Scenario {
  const value = fixtures.scenario(id);
  if (value === undefined) {
    const near = fixtures.scenarios().filter((other) => other.includes(id) || id.includes(other));
    throw new PodsimError(`no scenario ${JSON.stringify(id)}${near.length === 0 ? '' : `; did you mean ${near.join(', ')}?`} (podsim practice list)`);
  }
  return decoded(id, value);
}

function decoded(id: string, value: unknown): Scenario {
  try {
    return decodeScenario(id, value);
  } catch (error) {
    if (error instanceof ScenarioError) throw new PodsimError(`scenario ${id}: ${error.message}`);
    throw error;
  }
}

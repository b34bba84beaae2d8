/** Image + command + environment → what the process will do: the behaviours in the order in which they are asked. */
import { commandBehaviour, knownProgramBehaviour } from './command-behaviour.js';
import type { Catalogue } from './image.js';
import { imageBehaviour } from './image-behaviour.js';
import type { Behaviour } from './process.js';

/** `first` (the shell) is asked before the simple reading of commands. */
export const behaviours = (catalogue: Catalogue, first: readonly Behaviour[] = []): readonly Behaviour[] => [
  ...first,
  commandBehaviour,
  imageBehaviour(catalogue.image),
  knownProgramBehaviour,
];

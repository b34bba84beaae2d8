/** `podsim timeline`: the model of a pod's life, and its renderers. */
export { type Axis, axisOf, offsetText } from './axis.js';
export { define } from './command.js';
export { type Evidence, evidenceOf, remoteEvidence } from './evidence.js';
export { type TimelineJson, timelineJson } from './json.js';
export { type Listed, listingOf, stamp } from './listing.js';
export { LETTERS, LOOKS, letterOf } from './look.js';
export { type Mark, type PodTimeline, podTimeline, type Row, type Span, type Tone } from './model.js';
export { timelineSvg } from './svg.js';
export { timelineText } from './text.js';

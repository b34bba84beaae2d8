/** What `podsim practice` itself says, in both languages. The scenarios bring their own texts. */

import type { Language } from '../language.js';
import type { Difficulty, Topic } from './scenario.js';

export interface Words {
  readonly topics: Readonly<Record<Topic, string>>;
  readonly difficulties: Readonly<Record<Difficulty, string>>;
  readonly columns: Readonly<Record<'number' | 'id' | 'topic' | 'title' | 'level' | 'time' | 'points' | 'best' | 'state', string>>;
  minutes(n: number): string;
  points(n: number): string;
  of(points: number, of: number): string;
  readonly scenario: string;
  readonly context: string;
  before(context: string): string;
  readonly noContext: string;
  readonly commands: {
    readonly check: string;
    hint(left: number, cost: number): string;
    readonly solution: string;
    readonly again: string;
    stop(context: string): string;
    readonly other: string;
    readonly status: string;
    readonly score: string;
  };
  readonly mayUse: string;
  elsewhere(context: string, own: string): string;
  used(time: string, minutes: number): string;
  left(time: string, minutes: number): string;
  readonly timeIsUp: string;
  readonly expected: string;
  readonly found: string;
  readonly see: string;
  after(seconds: string): string;
  readonly guardBroken: string;
  hintsCost(hints: number, cost: number): string;
  readonly solutionCosts: string;
  readonly solved: string;
  unsolved(open: number): string;
  readonly nothingHere: string;
  hint(n: number, of: number, cost: number): string;
  readonly solutionTitle: string;
  readonly interviewTitle: string;
  readonly question: string;
  readonly answer: string;
  ended(id: string): string;
  backTo(context: string): string;
  readonly examEndedUngraded: string;
  question_(n: number, of: number): string;
  exam(seed: number, questions: number, minutes: number, sum: number): string;
  readonly passed: string;
  failed(mark: number): string;
  late(used: string, minutes: number): string;
  readonly total: string;
  readonly notBegun: string;
  readonly begun: string;
  readonly examOver: string;
  readonly scoresTitle: string;
  readonly examsTitle: string;
  readonly noScores: string;
  readonly bySolution: string;
  readonly interviewHint: string;
  hintsUsed(n: number): string;
  readonly examEnded: string;
  interviewAnswers(number: number): string;
  tryIt(id: string, title: string): string;
}

const en: Words = {
  topics: {
    design: 'Application Design and Build',
    deployment: 'Application Deployment',
    observability: 'Application Observability and Maintenance',
    configuration: 'Application Environment, Configuration and Security',
    networking: 'Services and Networking',
  },
  difficulties: { easy: 'easy', medium: 'medium', hard: 'hard' },
  columns: { number: 'N', id: 'ID', topic: 'TOPIC', title: 'TITLE', level: 'LEVEL', time: 'TIME', points: 'POINTS', best: 'BEST', state: 'STATE' },
  minutes: (n) => `${n} ${n === 1 ? 'minute' : 'minutes'}`,
  points: (n) => `${n} ${n === 1 ? 'point' : 'points'}`,
  of: (points, of) => `${points} of ${of} points`,
  scenario: 'Scenario',
  context: 'Context',
  before: (context) => (context === '' ? '' : `(before: ${context})`),
  noContext: 'none',
  commands: {
    check: 'says what holds and what does not; as often as you like',
    hint: (left, cost) =>
      left === 0 ? 'no hint is left' : `${left === 1 ? 'one hint' : `${left} hints`} left; the next costs ${cost} ${cost === 1 ? 'point' : 'points'}`,
    solution: 'a worked solution with its reasons; this try then counts 0 points',
    again: 'makes the scene anew',
    stop: (context) => `deletes the cluster of the scenario${context === '' ? '' : ` and goes back to ${context}`}`,
    other: 'another question (next, prev, or its number); what you did stays',
    status: 'the questions, the time left, and the task once more',
    score: 'ends the exam and grades it',
  },
  mayUse: 'Every kubectl command works in this cluster (podsim is kubectl). You may use kubernetes.io/docs, as in the exam.',
  elsewhere: (context, own) => `Note: the current context is ${context}. Back to the scenario: podsim config use-context ${own}`,
  used: (time, minutes) => `${time} of ${minutes}m used`,
  left: (time, minutes) => `${time} of ${minutes}m left`,
  timeIsUp: 'The time is up: podsim practice score grades the exam',
  expected: 'expected',
  found: 'found',
  see: 'see',
  after: (seconds) => `(holds ${seconds} from now, if nothing else happens)`,
  guardBroken: 'must stay as it was',
  hintsCost: (hints, cost) => `${hints === 1 ? 'one hint' : `${hints} hints`}: -${cost}`,
  solutionCosts: 'the solution was shown: this try counts 0 points',
  solved: 'Solved.',
  unsolved: (open) => `${open === 1 ? 'One requirement does' : `${open} requirements do`} not hold yet.`,
  nothingHere: '(nothing)',
  hint: (n, of, cost) => `Hint ${n} of ${of} (${cost === 0 ? 'free' : `-${cost} ${cost === 1 ? 'point' : 'points'}`})`,
  solutionTitle: 'Solution',
  interviewTitle: 'Interview questions',
  question: 'Q',
  answer: 'A',
  ended: (id) => `Ended ${id}; its cluster is deleted.`,
  backTo: (context) => (context === '' ? 'No context is current.' : `The current context is ${context}.`),
  examEndedUngraded: 'Ended the exam without a grade; its clusters are deleted.',
  question_: (n, of) => `Question ${n} of ${of}`,
  exam: (seed, questions, minutes, sum) =>
    `Exam: ${questions} ${questions === 1 ? 'question' : 'questions'}, ${minutes} minutes (their own times add up to ${sum}), seed ${seed} (asks the same again)`,
  passed: 'PASS',
  failed: (mark) => `FAIL (${mark}% are needed)`,
  late: (used, minutes) => `OVER TIME: something was changed after ${minutes}m; graded at ${used}`,
  total: 'Total',
  notBegun: 'not begun',
  begun: 'begun',
  examOver: 'The exam is over: check, hint and solution now work on its questions; podsim practice stop deletes their clusters.',
  scoresTitle: 'Practice, the best of each scenario',
  examsTitle: 'Exams',
  noScores: 'No scores yet: podsim practice list shows what there is.',
  bySolution: 'solution shown',
  interviewHint: 'podsim practice solution shows a worked solution and interview questions on it; it costs nothing any more.',
  hintsUsed: (n) => (n === 1 ? 'one hint' : `${n} hints`),
  examEnded: 'Left the exam; its clusters are deleted.',
  interviewAnswers: (number) => `Answer for yourself first, then: podsim practice interview ${number}`,
  tryIt: (id, title) => `Try it: podsim practice start ${id} (${title})`,
};

const ko: Words = {
  topics: {
    design: '애플리케이션 설계와 빌드',
    deployment: '애플리케이션 배포',
    observability: '애플리케이션 관측과 유지 보수',
    configuration: '애플리케이션 환경, 설정, 보안',
    networking: '서비스와 네트워킹',
  },
  difficulties: { easy: '쉬움', medium: '보통', hard: '어려움' },
  columns: { number: 'N', id: 'ID', topic: '주제', title: '제목', level: '난이도', time: '시간', points: '배점', best: '최고', state: '상태' },
  minutes: (n) => `${n}분`,
  points: (n) => `${n}점`,
  of: (points, of) => `${of}점 만점에 ${points}점`,
  scenario: '시나리오',
  context: '컨텍스트',
  before: (context) => (context === '' ? '' : `(이전: ${context})`),
  noContext: '없음',
  commands: {
    check: '무엇이 되었고 무엇이 안 되었는지 채점합니다. 몇 번이든 실행할 수 있습니다',
    hint: (left, cost) => (left === 0 ? '남은 힌트가 없습니다' : `힌트가 ${left}개 남았습니다. 다음 힌트는 ${cost}점이 감점됩니다`),
    solution: '풀이와 그 이유를 봅니다. 보고 나면 이번 시도는 0점입니다',
    again: '처음 상태로 다시 만듭니다',
    stop: (context) => `시나리오의 클러스터를 지웁니다${context === '' ? '' : `. 컨텍스트는 ${context}(으)로 돌아갑니다`}`,
    other: '다른 문제로 갑니다(next, prev 또는 번호). 하던 작업은 그대로 남습니다',
    status: '문제 목록과 남은 시간, 그리고 문제를 다시 봅니다',
    score: '시험을 끝내고 채점합니다',
  },
  mayUse: '이 클러스터에서는 모든 kubectl 명령을 쓸 수 있습니다(podsim이 곧 kubectl입니다). 실제 시험처럼 kubernetes.io/docs를 참고해도 됩니다.',
  elsewhere: (context, own) => `참고: 현재 컨텍스트는 ${context}입니다. 시나리오로 돌아가려면: podsim config use-context ${own}`,
  used: (time, minutes) => `${minutes}m 중 ${time} 사용`,
  left: (time, minutes) => `${minutes}m 중 ${time} 남음`,
  timeIsUp: '시간이 다 되었습니다. podsim practice score로 채점하세요',
  expected: '기대',
  found: '실제',
  see: '확인',
  after: (seconds) => `(이대로 두면 ${seconds} 뒤에 만족합니다)`,
  guardBroken: '그대로 두어야 합니다',
  hintsCost: (hints, cost) => `힌트 ${hints}개: -${cost}점`,
  solutionCosts: '풀이를 보았으므로 이번 시도는 0점입니다',
  solved: '모두 해결했습니다.',
  unsolved: (open) => `아직 만족하지 않은 요구 사항이 ${open}개 있습니다.`,
  nothingHere: '(없음)',
  hint: (n, of, cost) => `힌트 ${n}/${of} (${cost === 0 ? '감점 없음' : `-${cost}점`})`,
  solutionTitle: '풀이',
  interviewTitle: '면접 질문',
  question: '질문',
  answer: '답',
  ended: (id) => `${id} 시나리오를 끝내고 클러스터를 지웠습니다.`,
  backTo: (context) => (context === '' ? '현재 컨텍스트가 없습니다.' : `현재 컨텍스트는 ${context}입니다.`),
  examEndedUngraded: '채점하지 않고 시험을 끝냈습니다. 시험의 클러스터는 지웠습니다.',
  question_: (n, of) => `문제 ${n}/${of}`,
  exam: (seed, questions, minutes, sum) => `시험: ${questions}문제, ${minutes}분(문제별 권장 시간의 합은 ${sum}분), 시드 ${seed}(같은 시드는 같은 문제)`,
  passed: '합격',
  failed: (mark) => `불합격 (합격선 ${mark}%)`,
  late: (used, minutes) => `시간 초과: ${minutes}m이 지난 뒤 변경이 있었습니다. ${used}에 채점했습니다`,
  total: '합계',
  notBegun: '시작 전',
  begun: '푸는 중',
  examOver: '시험이 끝났습니다. 이제 시험 문제에 check, hint, solution을 쓸 수 있습니다. podsim practice stop은 시험의 클러스터를 지웁니다.',
  scoresTitle: '연습: 시나리오별 최고 점수',
  examsTitle: '시험',
  noScores: '아직 점수가 없습니다. podsim practice list로 시나리오를 보세요.',
  bySolution: '풀이를 봄',
  interviewHint: 'podsim practice solution으로 풀이와 면접 질문을 볼 수 있습니다. 이제는 감점되지 않습니다.',
  hintsUsed: (n) => `힌트 ${n}개`,
  examEnded: '시험을 마쳤습니다. 시험의 클러스터는 지웠습니다.',
  interviewAnswers: (number) => `먼저 스스로 답해 본 뒤 모범 답안을 보세요: podsim practice interview ${number}`,
  tryIt: (id, title) => `직접 해 보기: podsim practice start ${id} (${title})`,
};

const WORDS: Readonly<Record<Language, Words>> = { en, ko };

export const wordsIn = (lang: Language): Words => WORDS[lang];

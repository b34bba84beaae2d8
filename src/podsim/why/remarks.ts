/** The remarks behind commands (`kubectl …   # remark`), which are written in English beside the commands. */
import type { Language } from '../language.js';

const KOREAN: Readonly<Record<string, string>> = {
  'edit it, then': '파일을 고친 뒤',
  'one second of grace': '유예 시간 1초',
  'only without other nodes': '다른 노드가 없을 때만',
  'for new pods': '새 파드부터 적용됨',
  'follow it': '계속 지켜보기',
  "and create it anew, corrected: a Job's template cannot be changed": '고쳐서 다시 만들기(Job의 템플릿은 바꿀 수 없음)',
};

/** The command with its remark in the language. */
export function remarked(command: string, language: Language): string {
  const [before, remark] = command.split(/ {3}# /);
  const korean = remark === undefined ? undefined : KOREAN[remark];
  return language === 'ko' && korean !== undefined ? `${before}   # ${korean}` : command;
}

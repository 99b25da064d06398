import type { LabelledExample } from '../../../workers/domain/classifiers'

const OPENINGS = ['Please tell me', 'Hello, I would like to know', 'Quick question:', 'Could you say', 'I am asking', 'Hi there,']
const TOPICS: Record<string, string[]> = {
  refund: [
    'how do I get my money back',
    'when will the refund be paid',
    'can the payment be returned to me',
    'I want to be reimbursed for the order',
  ],
  delivery: ['where is my parcel now', 'when does the package arrive', 'the courier has not delivered it', 'how long does shipping take'],
  account: [
    'how can I change my password',
    'I cannot sign in to my profile',
    'please delete my login',
    'the login page says wrong password',
  ],
}
const FOREIGN = [
  'what is the capital of France',
  'sing a song about penguins',
  'is it going to rain on Sunday',
  'who won the football match',
  'write a poem on autumn',
  'boil eggs for how many minutes',
]

/** Questions of three topics, each said in six ways. */
export const TOPIC_EXAMPLES: LabelledExample[] = Object.entries(TOPICS).flatMap(([label, questions]) =>
  questions.flatMap((question) => OPENINGS.map((opening) => ({ text: `${opening} ${question}`, label }))),
)

/** Questions of no topic. */
export const FOREIGN_EXAMPLES: LabelledExample[] = FOREIGN.flatMap((question) =>
  OPENINGS.map((opening) => ({ text: `${opening} ${question}`, label: null })),
)

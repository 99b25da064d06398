import { describe, expect, it } from 'vitest'
import { mayShareAnswer } from '../../workers/domain/question-likeness'

describe('two questions share an answer', () => {
  it.each([
    ['On which day is the office rent due?', 'On which day is the office rent due'],
    ['On which day is the office rent due?', 'on what day is office rent due ?'],
    ['On which day is the office rent due?', 'When is the office rent payable, please?'],
    ['How long is the notice period of the lease?', 'What is the length of the notice period for the lease?'],
    ['Who leads the office in Zanzibar?', 'Who heads the office in Zanzibar?'],
    ['Wann ist die Miete fällig?', 'An welchem Tag ist die Miete zahlbar?'],
    ["Isn't the rent due?", 'Is not the rent due'],
  ])('%s · %s', (one, other) => expect(mayShareAnswer(one, other)).toBe(true))
})

describe('two questions do not share an answer', () => {
  it.each([
    ['What was the rent in 2023?', 'What was the rent in 2024?'],
    ['Is the rent above 1,000 EUR?', 'Is the rent above 1.000 EUR?'],
    ['Is the temperature -5?', 'Is the temperature 5?'],
    ['What does § 5 say?', 'What does $ 5 say?'],
    ['On which day is the rent due?', 'On which day is the rent not due?'],
    ['Can the lease be ended?', "Can't the lease be ended?"],
    ['Can the lease be ended?', 'Cannot the lease be ended?'],
    ['Who approved the order?', 'Who rejected the order?'],
    ['What does the tenant owe the landlord?', 'What does the landlord owe the tenant?'],
    ['Does Anna owe Bernd?', 'Does Bernd owe Anna?'],
    ['What happens before the audit?', 'What happens after the audit?'],
    ['When does the lease begin?', 'When does the lease end?'],
    ['Who is the director?', 'Who was the director?'],
    ['Ist die Miete fällig?', 'Ist die Miete nicht fällig?'],
    ['?', '!'],
  ])('%s · %s', (one, other) => expect(mayShareAnswer(one, other)).toBe(false))
})

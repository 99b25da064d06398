import { AsyncLocalStorage } from 'node:async_hooks'
import { AsyncLocalStorageProviderSingleton } from '@langchain/core/singletons'
import { Annotation, type BaseCheckpointSaver, Command, END, interrupt, START, StateGraph } from '@langchain/langgraph'
import type { Step } from '../../workers/domain/workflows'
import type { Answer } from './scopes'

// Bundlers resolve LangGraph to its browser build, which has no storage of its own; without one interrupt() cannot find its task.
AsyncLocalStorageProviderSingleton.initializeGlobalInstance(new AsyncLocalStorage())

/** What a node is told about its step, from what the run has recorded. */
export type Decision =
  | { kind: 'next' }
  | { kind: 'branch'; taken: 'then' | 'else' }
  | { kind: 'goto'; step: string }
  | { kind: 'ask' }
  /** Pure, and it failed: ask, and look again when answered. */
  | { kind: 'failed' }

/** Control only: outputs are rows of the run. */
const SequenceState = Annotation.Root({ at: Annotation<string> })

/**
 * Compiles one sequence of steps to a LangGraph graph.
 *
 * 1. Nodes do no I/O: `decide` reads what is recorded and computes, and gives the same answer when LangGraph runs the node again.
 * 2. Whatever needs the world is asked for by `interrupt()`; the supervisor answers by interrupt id.
 * 3. `interrupt()` is never inside try/catch.
 */
export function compileSequence(steps: Step[], decide: (step: Step) => Decision, checkpointer: BaseCheckpointSaver) {
  // The names of nodes are data here, so the builder's compile-time list of them is any string.
  const graph = new StateGraph<typeof SequenceState.spec, typeof SequenceState.State, typeof SequenceState.Update, string>(SequenceState)
  const nodes = flatten(steps, END)
  const first = nodes[0]
  const targets = [...nodes.map(({ step }) => step.id), END]
  const byId = new Map(nodes.map((node) => [node.step.id, node]))
  for (const node of nodes) graph.addNode(node.step.id, () => visit(node, byId, decide), { ends: targets })
  graph.addEdge(START, first === undefined ? END : first.step.id)
  return graph.compile({ checkpointer })
}
export type Sequence = ReturnType<typeof compileSequence>

interface Node {
  step: Step
  next: string
  then?: string
  else?: string
}

/** Every step of the sequence with where it leads; the arms of an `if` stand in the same graph. */
function flatten(steps: Step[], after: string): Node[] {
  return steps.flatMap((step, index) => {
    const next = steps[index + 1]?.id ?? after
    if (step.kind !== 'if') return [{ step, next }]
    const node = { step, next, then: step.then[0]?.id ?? next, else: step.else[0]?.id ?? next }
    return [node, ...flatten(step.then, next), ...flatten(step.else, next)]
  })
}

/**
 * Goes from one step to the next until one needs the world. Pure steps on the way need no node of their own, nor does the first step that
 * asks: LangGraph pays for every node it enters. One that asks after it is entered as a node, because resuming runs the node that asked
 * from its beginning, and would hand the first answer to the wrong question.
 */
function visit(start: Node, nodes: ReadonlyMap<string, Node>, decide: (step: Step) => Decision): Command {
  let node = start
  let isAnswered = false
  for (;;) {
    const decision = decide(node.step)
    let target = leadsTo(node, decision)
    if (target === undefined) {
      if (isAnswered && node !== start) return new Command({ goto: node.step.id })
      const answer = interrupt<{ stepId: string }, Answer>({ stepId: node.step.id })
      if (answer.again) continue
      isAnswered = true
      target = answer.goto ?? node.next
    }
    const next = nodes.get(target)
    if (next === undefined) return new Command({ goto: target, update: { at: node.step.id } })
    node = next
  }
}

/** Where a decision leads, or undefined when the step has to ask. */
function leadsTo(node: Node, decision: Decision): string | undefined {
  if (decision.kind === 'next') return node.next
  if (decision.kind === 'goto') return decision.step
  if (decision.kind === 'branch') return node[decision.taken] ?? node.next
  return undefined
}

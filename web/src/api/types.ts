import type { hc, InferResponseType } from 'hono/client'
import type { App } from '../../../workers/api/app'

/**
 * The shapes that the API answers with, read off the server's own routes. Types only: nothing of the server is bundled,
 * and a change of the contract shows here first.
 */
export type Client = ReturnType<typeof hc<App>>
type Api = Client['api']['v1']
type Run = Api['runs'][':id']

export type RunView = InferResponseType<Run['$get'], 200>
export type RunSummary = InferResponseType<Api['runs']['$get'], 200>['items'][number]
export type StepView = InferResponseType<Run['steps']['$get'], 200>['items'][number]
export type RunEvent = InferResponseType<Run['logs']['$get'], 200>['items'][number]
export type ReportRecord = InferResponseType<Api['reports'][':id']['$get'], 200>
export type DocumentRecord = InferResponseType<Api['documents'][':id']['$get'], 200>
export type OpenApproval = InferResponseType<Api['approvals']['$get'], 200>['items'][number]
export type WorkflowSummary = InferResponseType<Api['workflows']['$get'], 200>['items'][number]

export type RunStatus = RunView['status']
export type StepStatus = StepView['status']
export type EventType = RunEvent['type']
export type ApprovalView = RunView['approvals'][number]
export type EffectView = RunView['effects'][number]
export type ReportFormat = ReportRecord['formats'][number]

/** What the routes type loosely: a stored file that is streamed, and the step tree, which is recursive. */
export type { Page, ParsedDocument, Span, TextBox } from '../../../workers/domain/documents'
export type { Problem } from '../../../workers/domain/error'
export type { Step } from '../../../workers/domain/workflows'

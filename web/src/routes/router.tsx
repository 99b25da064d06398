import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import { currentSession } from '../api/session'
import { LoadingState } from '../components/states'
import { Toasts } from '../components/toast'
import { AppShell } from '../shell/app-shell'
import { ApprovalsScreen } from './approvals'
import { DocumentsScreen } from './documents'
import { NotFoundScreen } from './not-found'
import { RunsScreen } from './runs'
import { SignInScreen } from './sign-in'
import { WorkflowsScreen } from './workflows'

const root = createRootRoute({
  component: () => (
    <>
      <Outlet />
      <Toasts />
    </>
  ),
  notFoundComponent: NotFoundScreen,
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: SignInScreen,
  validateSearch: (search): { next?: string } => (typeof search.next === 'string' ? { next: search.next } : {}),
})

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: AppShell,
  beforeLoad: ({ location }) => {
    if (currentSession() === undefined) throw redirect({ to: '/sign-in', search: { next: location.pathname } })
  },
})

/** Screens with heavy parts (the graph, pdf.js) are fetched when they are first opened. */
const routeTree = root.addChildren([
  signIn,
  shell.addChildren([
    createRoute({ getParentRoute: () => shell, path: '/', component: RunsScreen }),
    createRoute({ getParentRoute: () => shell, path: '/runs/$runId', component: lazyRouteComponent(() => import('./run'), 'RunScreen') }),
    createRoute({ getParentRoute: () => shell, path: '/approvals', component: ApprovalsScreen }),
    createRoute({
      getParentRoute: () => shell,
      path: '/account',
      component: lazyRouteComponent(() => import('../account/account'), 'AccountScreen'),
    }),
    createRoute({ getParentRoute: () => shell, path: '/documents', component: DocumentsScreen }),
    createRoute({
      getParentRoute: () => shell,
      path: '/documents/$documentId',
      component: lazyRouteComponent(() => import('./document'), 'DocumentScreen'),
    }),
    createRoute({ getParentRoute: () => shell, path: '/workflows', component: WorkflowsScreen }),
    createRoute({
      getParentRoute: () => shell,
      path: '/workflows/$name',
      component: lazyRouteComponent(() => import('./workflow'), 'WorkflowScreen'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: '/reports/$reportId',
      component: lazyRouteComponent(() => import('./report'), 'ReportScreen'),
    }),
  ]),
])

export const router = createRouter({ routeTree, defaultPendingComponent: () => <LoadingState />, scrollRestoration: true })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

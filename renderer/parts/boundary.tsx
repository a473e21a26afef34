import { Component, type ReactNode } from 'react'

/** Catches a page that cannot be drawn, so that a fault never looks like an empty desk. */
export class Boundary extends Component<{ readonly children: ReactNode }, { readonly broken: boolean }> {
  override state = { broken: false }

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true }
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children
    return (
      <main className="page">
        <section className="card fail" role="alert">
          <h1>This page could not be drawn</h1>
          <p>Safe: nothing was decided or changed by it. What was recorded before stays recorded.</p>
          <p>
            Do next: close the window and open it again. If it happens again, use the command line and report
            it.
          </p>
        </section>
      </main>
    )
  }
}

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { Boundary } from './parts/boundary.tsx'
import { connect } from './state/mirror.ts'
import { loadSettings } from './state/settings.ts'
import './style/tokens.css'
import './style/base.css'
import './style/frame.css'
import './style/parts.css'
import './style/folds.css'
import './style/fields.css'
import './style/table.css'

void loadSettings()
connect()
const root = document.getElementById('root')
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <Boundary>
        <App />
      </Boundary>
    </StrictMode>,
  )
}

/** Chappe's optical telegraph: a mast, its beam and two arms. The style sheet moves them. */
export const Logo = () => (
  <svg class="logo" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
    <path d="M16 10V29M11 29h10M12.5 24h7" />
    <g class="beam">
      <path d="M7 10h18" />
      <g class="arm left">
        <path d="M7 10V4" />
      </g>
      <g class="arm right">
        <path d="M25 10v6" />
      </g>
    </g>
    <circle cx="16" cy="10" r="1.6" />
  </svg>
);

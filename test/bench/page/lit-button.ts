/** What our facade is compared with: a button as anybody writes it with Lit, which calls nobody. */
import { css, html, LitElement } from 'lit';

class LitButton extends LitElement {
  static override styles = css`
    button {
      padding: 0.6em 1.15em;
      font: inherit;
      color: #fff;
      background: #0b6b50;
      border: 2px solid #0b6b50;
      border-radius: 0.75em;
    }
  `;
  static override properties = {
    label: {},
    disabled: { type: Boolean, reflect: true },
    pressed: { type: Boolean, reflect: true },
  };

  declare label: string | undefined;
  declare disabled: boolean;
  declare pressed: boolean;

  protected override render() {
    return html`<button type="button" ?disabled=${this.disabled} aria-pressed=${!!this.pressed} @click=${this.onClick}>
      ${this.label}
    </button>`;
  }

  private onClick(): void {
    this.pressed = !this.pressed;
  }
}

customElements.define('lit-button', LitButton);

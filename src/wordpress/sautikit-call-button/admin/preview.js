/* The preview of the settings page: what is chosen shows at once. The button itself is inert there. */
(function () {
  const look = document.querySelector('[data-sautikit-look]');
  const button = look && look.querySelector('sautikit-call-button');
  if (!button) return;

  const show = () => {
    const own = look.querySelector('[data-sautikit="own-colours"]').checked;
    for (const field of look.querySelectorAll('[data-sautikit]')) {
      const name = field.dataset.sautikit;
      if (name.startsWith('--')) {
        field.disabled = !own;
        if (own) button.style.setProperty(name, field.value);
        else button.style.removeProperty(name);
      } else if (['label', 'variant', 'size'].includes(name)) {
        button.setAttribute(name, field.value || field.placeholder || '');
      }
    }
  };
  look.addEventListener('input', show);
  show();
})();

import { PopupView } from "./ui/popup-view.tsx";
import { Surface } from "./ui/surface.tsx";

const wide = new URLSearchParams(window.location.search).has("tab");

const Popup = () => (
  <Surface>
    <PopupView wide={wide} />
  </Surface>
);

/** @public Shown by the build. */
export default Popup;

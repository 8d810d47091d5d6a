"""Stock moves by hand: goods received, scrapped, transferred; planned ones finished and cancelled."""

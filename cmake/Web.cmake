# Builds the pages in web/ with Vite and puts them into targets: that of `alike serve`, with docs/openapi.yaml as
# JSON, as the definitions that alike/serve/assets.h declares, and that of one map as alike/draw/map_page.h has it.
# Node 20 or later is needed for them; ALIKE_WEB=OFF makes a program whose page says that it was built without, and
# that draws maps as .svg and .png only.
option(ALIKE_WEB "Build the pages of alike serve and alike map (needs Node 20 or later)" ON)

function(alike_web server drawer)
  set(web ${PROJECT_SOURCE_DIR}/web)
  set(embed ${PROJECT_SOURCE_DIR}/cmake/embed_web.py)
  set(openapi ${PROJECT_SOURCE_DIR}/docs/openapi.yaml)
  set(pages ${web}/no_page)
  set(map_page "")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${web}/src/* ${web}/public/* ${web}/no_page/*)
  if(ALIKE_WEB)
    find_program(ALIKE_NPM npm HINTS $ENV{ALIKE_NODE}/bin REQUIRED)
    set(pages ${CMAKE_CURRENT_BINARY_DIR}/web)
    set(map_page ${CMAKE_CURRENT_BINARY_DIR}/standalone/standalone.html)
    add_custom_command(OUTPUT ${pages}/index.html ${map_page}
      COMMAND ${PROJECT_SOURCE_DIR}/script/web ${pages} ${CMAKE_CURRENT_BINARY_DIR}/standalone
      DEPENDS ${sources} ${web}/index.html ${web}/standalone.html ${web}/package-lock.json ${web}/vite.config.ts
              ${web}/standalone.config.ts ${openapi} ${PROJECT_SOURCE_DIR}/script/web
      VERBATIM)
    set(built ${pages}/index.html)
  endif()
  add_custom_command(OUTPUT assets_data.cpp
    COMMAND /usr/bin/python3 ${embed} assets_data.cpp ${pages} ${openapi}
    DEPENDS ${built} ${sources} ${embed} ${openapi} VERBATIM)
  add_custom_command(OUTPUT map_page_data.cpp
    COMMAND /usr/bin/python3 ${embed} map_page_data.cpp ${map_page}
    DEPENDS ${map_page} ${embed} VERBATIM)
  target_sources(${server} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/assets_data.cpp)
  target_sources(${drawer} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/map_page_data.cpp)
endfunction()
